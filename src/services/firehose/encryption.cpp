#include "services/firehose/encryption.h"

#include <chrono>
#include <cstddef>
#include <utility>

namespace hydrant::firehose {
namespace {

constexpr std::size_t kChangesMax = 25;
constexpr std::chrono::hours kDay{24};

}  // namespace

void Encryption::enable(KeyChoice key, std::optional<Failure> failure, TimePoint done) {
  MutexLock lock(mutex_);
  was_ever_enabled_ = true;
  goal_ = Goal::enabled;
  done_ = done;
  key_ = std::move(key);
  failure_ = std::move(failure);
}

void Encryption::disable(TimePoint done) {
  MutexLock lock(mutex_);
  if (goal_ == Goal::disabled) return;
  goal_ = Goal::disabled;
  done_ = done;
  failure_.reset();
}

Encryption::View Encryption::view(TimePoint now) const {
  MutexLock lock(mutex_);
  const bool done = now >= done_;
  if (goal_ == Goal::disabled) {
    if (done) return {};
    return {"DISABLING", key_, std::nullopt};
  }
  if (!done) return {"ENABLING", key_, std::nullopt};
  return {failure_ ? "ENABLING_FAILED" : "ENABLED", key_, failure_};
}

std::optional<KeyChoice> Encryption::key_in_use(TimePoint now) const {
  if (!was_ever_enabled_) return std::nullopt;
  auto now_view = view(now);
  if (now_view.status != "ENABLED") return std::nullopt;
  return std::move(now_view.key);
}

bool Encryption::admit_change(TimePoint now) {
  MutexLock lock(mutex_);
  while (!changes_.empty() && now - changes_.front() >= kDay) changes_.pop_front();
  if (changes_.size() >= kChangesMax) return false;
  changes_.push_back(now);
  return true;
}

}  // namespace hydrant::firehose
