// The quotas of DirectPut: records, bytes and requests a second.
#pragma once
#include <string_view>

#include "engine/delivery/environment.h"
#include "engine/streams/token_bucket.h"

namespace hydrant::delivery {

// Not thread-safe: the delivery stream's mutex guards it.
class DirectPutBuckets {
 public:
  DirectPutBuckets(const DirectPutQuota& quota, std::string_view region, TimePoint now)
      : enabled_(quota.enabled),
        requests_(bucket(quota, is_large(region) ? 2000 : 1000, now)),
        records_(bucket(quota, is_large(region) ? 500'000 : 100'000, now)),
        bytes_(bucket(quota, is_large(region) ? 5.0 * kMiB : 1.0 * kMiB, now)) {}

  // False: the request is one too many, so none of its records is admitted.
  bool admit_request(TimePoint now) {
    if (!enabled_) return true;
    for (auto* bucket : {&requests_, &records_, &bytes_}) bucket->refill(now);
    return take(requests_, 1);
  }
  bool admit_record(std::size_t bytes) {
    if (!enabled_) return true;
    const auto cost = static_cast<double>(bytes);
    if (!records_.holds(1) || !bytes_.holds(cost)) return false;
    records_.take(1);
    bytes_.take(cost);
    return true;
  }

 private:
  static constexpr double kMiB = 1024 * 1024;
  static bool is_large(std::string_view region) {
    return region == "us-east-1" || region == "us-west-2" || region == "eu-west-1";
  }
  static streams::TokenBucket bucket(const DirectPutQuota& quota, double rate, TimePoint now) {
    return {rate * quota.scale, rate * quota.scale * quota.burst_seconds, now};
  }
  static bool take(streams::TokenBucket& bucket, double cost) {
    if (!bucket.holds(cost)) return false;
    bucket.take(cost);
    return true;
  }

  const bool enabled_;
  streams::TokenBucket requests_, records_, bytes_;
};

}  // namespace hydrant::delivery
