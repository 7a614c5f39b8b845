#include "services/kinesis/call_rates.h"

#include <algorithm>
#include <span>

namespace hydrant::kinesis {
namespace {

struct Rate {
  std::string_view operation;
  int calls;
};

// Calls a second: of an account in a region,
constexpr Rate kOfAccount[] = {{"CreateStream", 5},
                               {"DescribeAccountSettings", 5},
                               {"DescribeLimits", 1},
                               {"ListStreams", 5},
                               {"UpdateAccountSettings", 5}};
// the same for calls that name a stream, whose refusal names it too,
constexpr Rate kOfAccountOnStream[] = {
    {"AddTagsToStream", 5},   {"DeleteResourcePolicy", 5},   {"DeleteStream", 5},
    {"DescribeStream", 10},   {"DescribeStreamSummary", 20}, {"GetResourcePolicy", 5},
    {"PutResourcePolicy", 5}, {"UpdateShardCount", 10},      {"UpdateStreamWarmThroughput", 5}};
// and of a stream.
constexpr Rate kOfStream[] = {{"DecreaseStreamRetentionPeriod", 5},
                              {"DeregisterStreamConsumer", 5},
                              {"DescribeStreamConsumer", 20},
                              {"DisableEnhancedMonitoring", 5},
                              {"EnableEnhancedMonitoring", 5},
                              {"IncreaseStreamRetentionPeriod", 5},
                              {"ListShards", 1000},
                              {"ListStreamConsumers", 5},
                              {"ListTagsForResource", 5},
                              {"ListTagsForStream", 5},
                              {"MergeShards", 5},
                              {"RegisterStreamConsumer", 5},
                              {"RemoveTagsFromStream", 5},
                              {"SplitShard", 5},
                              {"TagResource", 5},
                              {"UntagResource", 5},
                              {"UpdateMaxRecordSize", 5}};
// Changes a day.
constexpr Rate kOfDay[] = {{"StartStreamEncryption", 25},
                           {"StopStreamEncryption", 25},
                           {"UpdateShardCount", 10},
                           {"UpdateStreamMode", 2}};
constexpr std::chrono::hours kDay{24};

const Rate* rate_of(std::span<const Rate> rates, std::string_view operation) {
  const auto found = std::ranges::find(rates, operation, &Rate::operation);
  return found == rates.end() ? nullptr : &*found;
}

// A stream of the same name that is created anew is another one.
std::string name_of(const streams::Stream& stream) {
  return stream.arn() + " " + std::to_string(stream.created_at().time_since_epoch().count());
}

}  // namespace

bool CallRates::take(const Key& key, double per_second) {
  const auto now = clock_.now();
  MutexLock lock(mutex_);
  auto& bucket =
      buckets_.try_emplace(key, streams::TokenBucket(per_second, per_second, now)).first->second;
  bucket.refill(now);
  if (!bucket.holds(1)) return false;
  bucket.take(1);
  return true;
}

bool CallRates::admit(std::string_view operation, const std::string& account,
                      const std::string& region) {
  const auto* rate = rate_of(kOfAccount, operation);
  return rate == nullptr || take({rate->operation, account + "/" + region}, rate->calls);
}

bool CallRates::admit(std::string_view operation, const streams::Stream& stream) {
  if (const auto* shared = rate_of(kOfAccountOnStream, operation))
    return take({shared->operation, stream.id().account + "/" + stream.id().region}, shared->calls);
  const auto* rate = rate_of(kOfStream, operation);
  return rate == nullptr || take({rate->operation, name_of(stream)}, rate->calls);
}

bool CallRates::admit_of_day(std::string_view operation, const streams::Stream& stream) {
  const auto* rate = rate_of(kOfDay, operation);
  if (rate == nullptr) return true;
  const auto now = clock_.now();
  MutexLock lock(mutex_);
  auto& calls = days_[{rate->operation, name_of(stream)}];
  while (!calls.empty() && now - calls.front() >= kDay) calls.pop_front();
  if (calls.size() >= static_cast<std::size_t>(rate->calls)) return false;
  calls.push_back(now);
  return true;
}

void CallRates::clear() {
  MutexLock lock(mutex_);
  buckets_.clear();
  days_.clear();
}

}  // namespace hydrant::kinesis
