// EarlyTrim: drops the oldest records of all when memory is full. To look at every shard for each
// block that is dropped would make a full memory the dearer the more shards there are.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "core/clock.h"
#include "core/mutex.h"
#include "engine/streams/stream.h"

namespace hydrant::streams {

// Thread-safe. Its mutex is taken before those of registry, topology and shard.
class EarlyTrim {
 public:
  using AllShards = std::function<ShardList()>;

  // Drops the block with the oldest record of all, then that with the next oldest, until they are
  // `bytes` or nothing is left. Gives back how many they were; a reader may hold them a while
  // longer. `all_shards` is called, under the mutex, when those that were looked at last have
  // nothing left that is older than that look.
  std::int64_t trim(std::int64_t bytes, TimePoint now, const AllShards& all_shards)
      EXCLUDES(mutex_);

 private:
  // Which shard, and how old its oldest record was.
  struct Candidate {
    TimePoint oldest;
    std::weak_ptr<Shard> shard;
  };
  void look(TimePoint now, const ShardList& shards) REQUIRES(mutex_);
  bool knows_the_oldest() const REQUIRES(mutex_);
  void add(TimePoint oldest, std::weak_ptr<Shard> shard) REQUIRES(mutex_);
  Candidate take_oldest() REQUIRES(mutex_);

  Mutex mutex_;
  std::vector<Candidate> candidates_ GUARDED_BY(mutex_);  // a heap, the oldest first
  // When it was made. A shard that is not in it had no record then, so all it has is newer.
  TimePoint looked_at_ GUARDED_BY(mutex_);
};

}  // namespace hydrant::streams
