// AccountSettings: what an account has agreed to in one region, the billing commitment.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "aws/error.h"
#include "aws/writer.h"
#include "core/clock.h"
#include "core/mutex.h"

namespace hydrant::kinesis {

// A commitment to a minimum of throughput, which makes on-demand streams cheaper and their warm
// throughput a setting. It can be ended a day after it began.
struct Commitment {
  enum class Status { disabled, enabled, enabled_until_earliest_allowed_end };
  Status status = Status::disabled;
  std::optional<TimePoint> started_at, ended_at, earliest_allowed_end_at;

  bool in_force() const { return status != Status::disabled; }
};

// MinimumThroughputBillingCommitment and what is in it, as both operations answer.
void write_commitment(aws::Writer& reply, const Commitment& commitment);

// Thread-safe. A commitment that ends by itself is looked at when somebody asks: there is no timer.
class AccountSettings {
 public:
  Commitment commitment(const std::string& account, const std::string& region, TimePoint now);
  // Refused (ValidationException) if it is so already.
  aws::Result<Commitment> enable(const std::string& account, const std::string& region,
                                 TimePoint now);
  aws::Result<Commitment> disable(const std::string& account, const std::string& region,
                                  TimePoint now);
  void clear();

 private:
  Commitment& current(const std::string& account, const std::string& region, TimePoint now)
      REQUIRES(mutex_);

  Mutex mutex_;
  std::map<std::pair<std::string, std::string>, Commitment> commitments_ GUARDED_BY(mutex_);
};

}  // namespace hydrant::kinesis
