#include "engine/streams/consumer.h"

namespace hydrant::streams {

std::string_view status_name(ConsumerStatus status) {
  switch (status) {
    case ConsumerStatus::creating:
      return "CREATING";
    case ConsumerStatus::active:
      return "ACTIVE";
    case ConsumerStatus::deleting:
      return "DELETING";
  }
  return "";
}

Consumer::Consumer(std::string name, const Stream& stream, TimePoint created_at)
    : name_(std::move(name)),
      created_at_(std::chrono::floor<std::chrono::seconds>(created_at)),
      arn_(stream.arn() + "/consumer/" + name_ + ":" + std::to_string(epoch_seconds(created_at_))),
      subscriptions_(stream.environment().throttle) {}

bool Consumer::change_status(ConsumerStatus from, ConsumerStatus to) {
  return status_.compare_exchange_strong(from, to);
}

bool Consumer::begin_deletion() {
  return change_status(ConsumerStatus::active, ConsumerStatus::deleting) ||
         change_status(ConsumerStatus::creating, ConsumerStatus::deleting);
}

}  // namespace hydrant::streams
