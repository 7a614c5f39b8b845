// Usage: what the streams of an account in a region add up to, as its quotas see it.
#pragma once
#include <cstdint>

#include "core/mutex.h"

namespace hydrant::streams {

struct Usage {
  std::int64_t creating = 0;     // streams
  std::int64_t on_demand = 0;    // streams
  std::int64_t open_shards = 0;  // of provisioned streams
  bool operator==(const Usage&) const = default;
};

// Thread-safe. Kept by the streams, each of which says what its part was and what it has become, so
// that a quota costs the same however many there are.
class UsageTotal {
 public:
  Usage now() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return total_;
  }

  void change(const Usage& before, const Usage& after) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    total_.creating += after.creating - before.creating;
    total_.on_demand += after.on_demand - before.on_demand;
    total_.open_shards += after.open_shards - before.open_shards;
  }

 private:
  mutable Mutex mutex_;
  Usage total_ GUARDED_BY(mutex_);
};

}  // namespace hydrant::streams
