// Consumer: a registered reader of a stream, with 2 MiB/s of each shard to itself.
#pragma once
#include <atomic>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "engine/streams/stream.h"
#include "engine/streams/subscription.h"

namespace hydrant::streams {

enum class ConsumerStatus { creating, active, deleting };
std::string_view status_name(ConsumerStatus status);  // as ConsumerStatus spells it

// Thread-safe. Its stream holds it until it is gone, a subscription no longer than that.
class Consumer {
 public:
  // `created_at` is cut to the second, which is part of the ARN.
  Consumer(std::string name, const Stream& stream, TimePoint created_at);

  const std::string& name() const { return name_; }
  const std::string& arn() const { return arn_; }  // <stream>/consumer/<name>:<creation second>
  TimePoint created_at() const { return created_at_; }
  ConsumerStatus status() const { return status_.load(); }
  bool change_status(ConsumerStatus from, ConsumerStatus to);
  bool begin_deletion();  // false: it has begun already
  SubscriptionTable& subscriptions() { return subscriptions_; }
  const SubscriptionTable& subscriptions() const { return subscriptions_; }
  Tags& tags() { return tags_; }
  Policy& policy() { return policy_; }

 private:
  const std::string name_;
  const TimePoint created_at_;
  const std::string arn_;
  std::atomic<ConsumerStatus> status_{ConsumerStatus::creating};
  SubscriptionTable subscriptions_;
  Tags tags_;
  Policy policy_;
};

}  // namespace hydrant::streams
