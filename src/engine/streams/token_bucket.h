// The limits of a shard, as the service documents them, on the service clock.
#pragma once
#include <algorithm>
#include <cstdint>

#include "core/clock.h"

namespace hydrant::streams {

inline constexpr std::int64_t kMiB = 1024 * 1024;
inline constexpr double kWriteBytesPerSecond = 1.0 * kMiB;
inline constexpr double kWriteRecordsPerSecond = 1000;
inline constexpr double kReadBytesPerSecond = 2.0 * kMiB;
inline constexpr double kReadCallsPerSecond = 5;
inline constexpr std::int64_t kReadBytesMax = 10 * kMiB;  // of one GetRecords call
inline constexpr std::int64_t kReadRecordsMax = 10'000;

struct ThrottleSettings {
  bool enabled = true;
  double scale = 1.0;          // multiplies every data-plane limit
  double burst_seconds = 1.0;  // capacity of a bucket, in seconds of its rate
};

// Refilled continuously; starts full. Not thread-safe: the shard's mutex guards it.
class TokenBucket {
 public:
  TokenBucket(double rate_per_second, double capacity, TimePoint now)
      : rate_(rate_per_second), capacity_(capacity), level_(capacity), refilled_(now) {}

  void refill(TimePoint now) {
    if (now <= refilled_) return;
    level_ =
        std::min(capacity_, level_ + rate_ * static_cast<double>((now - refilled_).count()) / 1e6);
    refilled_ = now;
  }
  bool holds(double cost) const { return level_ >= cost; }
  void take(double cost) { level_ -= cost; }
  double level() const { return level_; }
  // Of a bucket that was taken from beyond its level.
  Duration time_until_positive() const {
    return Duration(level_ > 0 ? 0 : static_cast<std::int64_t>(-level_ / rate_ * 1e6) + 1);
  }
  double capacity() const { return capacity_; }

 private:
  double rate_;
  double capacity_;
  double level_;
  TimePoint refilled_;
};

}  // namespace hydrant::streams
