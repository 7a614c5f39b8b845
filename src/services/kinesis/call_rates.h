// CallRates: how often the control plane may be called, as the service documents it. Off unless
// asked for: a test suite calls more often than a person.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/clock.h"
#include "core/mutex.h"
#include "engine/streams/stream.h"
#include "engine/streams/token_bucket.h"

namespace hydrant::kinesis {

// Thread-safe. On the service clock; what it knows of a stream goes with clear() only, but a stream
// that is created anew begins anew.
class CallRates {
 public:
  explicit CallRates(Clock& clock) : clock_(clock) {}

  // Calls that name no stream and are limited by account and region; true for all others.
  bool admit(std::string_view operation, const std::string& account, const std::string& region);
  // Calls that name a stream, whether their limit is that of the stream or of its account and
  // region; true for all others.
  bool admit(std::string_view operation, const streams::Stream& stream);
  // Changes that a stream may see so many of within any 24 hours; counts those it admits.
  bool admit_of_day(std::string_view operation, const streams::Stream& stream);
  void clear();

 private:
  using Key = std::pair<std::string_view, std::string>;  // the operation, in static storage
  bool take(const Key& key, double per_second);

  Clock& clock_;
  Mutex mutex_;
  std::map<Key, streams::TokenBucket> buckets_ GUARDED_BY(mutex_);
  std::map<Key, std::deque<TimePoint>> days_ GUARDED_BY(mutex_);
};

}  // namespace hydrant::kinesis
