// Server-side encryption of a delivery stream: what it is said to be, for nothing is encrypted
// here.
#pragma once
#include <atomic>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/mutex.h"

namespace hydrant::firehose {

// The FailureDescription of the API.
struct Failure {
  std::string_view type;  // "KMS_ACCESS_DENIED"
  std::string details;
};

struct KeyChoice {
  std::string type;  // AWS_OWNED_CMK, CUSTOMER_MANAGED_CMK
  std::string arn;   // of a key that the customer manages; else empty
};

// Changes take effect as time passes: no timer is needed, whoever looks says what time it is.
// Thread-safe.
class Encryption {
 public:
  struct View {
    std::string_view status = "DISABLED";
    std::optional<KeyChoice> key;    // none while it is DISABLED
    std::optional<Failure> failure;  // of ENABLING_FAILED
  };

  // ENABLING until `done`, and then ENABLED, or what `failure` makes of it.
  void enable(KeyChoice key, std::optional<Failure> failure, TimePoint done);
  // DISABLING until `done`, and then DISABLED.
  void disable(TimePoint done);
  View view(TimePoint now) const;
  // The key that records are encrypted with; none unless the status is ENABLED. Cheap for a
  // delivery stream that never was.
  std::optional<KeyChoice> key_in_use(TimePoint now) const;
  // False if there have been 25 changes within the last 24 hours; counts those it admits.
  bool admit_change(TimePoint now);

 private:
  enum class Goal { disabled, enabled };

  std::atomic<bool> was_ever_enabled_{false};
  mutable Mutex mutex_;
  Goal goal_ GUARDED_BY(mutex_) = Goal::disabled;
  TimePoint done_ GUARDED_BY(mutex_){};
  std::optional<KeyChoice> key_ GUARDED_BY(mutex_);
  std::optional<Failure> failure_ GUARDED_BY(mutex_);
  std::deque<TimePoint> changes_ GUARDED_BY(mutex_);
};

}  // namespace hydrant::firehose
