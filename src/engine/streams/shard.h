// Shard: an append-only log of records with the limits of its kind.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/clock.h"
#include "core/memory_budget.h"
#include "core/mutex.h"
#include "engine/streams/hash_key.h"
#include "engine/streams/sequence_number.h"
#include "engine/streams/token_bucket.h"
#include "engine/streams/wake_list.h"

namespace hydrant::streams {

class Block;
class BlockPool;

struct NewRecord {
  std::string_view data;
  std::string_view partition_key;
  HashKey hash;
  std::int64_t cost() const {
    return static_cast<std::int64_t>(data.size() + partition_key.size());
  }
};

// What became of a record: it has a number, or its shard had no room in a bucket.
struct Placement {
  bool placed = false;
  bool encrypted = false;  // of a record that is placed
  SequenceNumber number;   // number.shard says which shard in both cases
};

struct Record {
  std::string_view data;
  std::string_view partition_key;
  SequenceNumber number;
  TimePoint arrival;
  bool encrypted = false;
};

// Why a read stopped where it did, and the records it found. The records' bytes live as long as it.
struct Read {
  std::vector<Record> records;
  std::uint64_t next = 0;  // index to read from the next time
  std::int64_t millis_behind = 0;
  bool at_end = false;  // the shard is closed and everything in it has been read
  std::vector<std::shared_ptr<const Block>> pins;
};
struct ReadRefused {};  // the read limit of the shard is used up

struct ReadLimits {
  std::int64_t records_max = kReadRecordsMax;
  std::int64_t bytes_max = kReadBytesMax;  // a single larger record is returned alone
  bool metered = true;                     // counts against the shard's read limit
};

struct ShardCounters {
  std::uint64_t records_in = 0, bytes_in = 0, records_refused = 0;
  std::uint64_t records_out = 0, bytes_out = 0, reads_refused = 0;
  std::uint64_t records_held = 0;
  std::uint64_t bytes_held = 0;             // of memory: whole blocks, entries included
  std::uint64_t records_trimmed_early = 0;  // by memory.whenFull: trim
  double write_bytes_level = 0, write_records_level = 0;
};

// Thread-safe. Its mutex is held for a few hundred nanoseconds a call and never over another lock.
class Shard {
 public:
  struct Lineage {
    std::optional<std::int32_t> parent, adjacent_parent;
  };
  Shard(std::int32_t number, HashRange range, Lineage lineage, std::int64_t created_s,
        TimePoint now, const ThrottleSettings& throttle, std::int64_t record_bytes_max,
        MemoryBudget& memory, std::shared_ptr<BlockPool> pool);
  ~Shard();

  std::int32_t number() const { return number_; }
  const HashRange& range() const { return range_; }
  const Lineage& lineage() const { return lineage_; }
  std::string id() const { return shard_id(number_); }
  SequenceNumber starting_number() const { return {created_s_, 0, created_s_, number_}; }
  std::optional<SequenceNumber> ending_number() const;  // none while it is open
  TimePoint opened_at() const { return opened_at_; }
  std::optional<TimePoint> closed_at() const;
  bool open() const { return !ending_number().has_value(); }

  // Takes each record that both buckets hold, in order; a refused one costs nothing, so that a
  // later and smaller one may pass. `which` are the indices of `records` and `placements` that are
  // meant for this shard. The caller has seen to it that the memory budget has room for them. A
  // `now` that others have overtaken counts as theirs.
  void append(std::span<const NewRecord> records, std::span<const std::uint32_t> which,
              std::span<Placement> placements, TimePoint now, bool encrypted = false);

  // Records from `from` on that are not older than `horizon`.
  std::variant<Read, ReadRefused> read(std::uint64_t from, const ReadLimits& limits, TimePoint now,
                                       TimePoint horizon);
  bool admit_iterator(TimePoint now);  // GetShardIterator: 5/s a shard

  // Positions, as the index that read() takes.
  std::uint64_t tip() const;  // the first record written after the call
  std::uint64_t first_at_or_after(TimePoint time) const;
  std::optional<TimePoint> oldest_arrival() const;
  std::optional<SequenceNumber> number_of(std::uint64_t index) const;  // none: not held

  void close(std::int64_t second, TimePoint now);  // second: what the ending number holds
  // Both give back whole blocks to the memory budget, and say how many bytes.
  std::int64_t trim_before(TimePoint horizon);
  std::int64_t trim_early(std::int64_t bytes);  // the oldest records, at least that many bytes
  void set_limits(const ThrottleSettings& throttle, std::int64_t record_bytes_max, TimePoint now);
  ShardCounters counters(TimePoint now) const;

  // Woken by the stream, without a lock, when there are records or the shard has been closed.
  WakeList& sleepers() { return sleepers_; }

  // What a record takes of memory: its bytes and what describes them.
  static std::int64_t footprint(const NewRecord& record);

 private:
  struct Limits;
  using Blocks = std::vector<std::shared_ptr<Block>>;
  Blocks drop_front(std::uint64_t first_kept) REQUIRES(mutex_);
  static std::int64_t bytes_of(const Blocks& blocks);
  Block& room_for(const NewRecord& record) REQUIRES(mutex_);
  std::size_t block_of(std::uint64_t index) const REQUIRES(mutex_);
  SequenceNumber number_at(std::uint64_t index, TimePoint arrival) const;
  std::uint64_t first_not_before(TimePoint time) const REQUIRES(mutex_);

  const std::int32_t number_;
  const HashRange range_;
  const Lineage lineage_;
  const std::int64_t created_s_;
  const TimePoint opened_at_;
  MemoryBudget& memory_;
  const std::shared_ptr<BlockPool> pool_;
  WakeList sleepers_;

  mutable Mutex mutex_;
  std::unique_ptr<Limits> limits_ GUARDED_BY(mutex_);
  std::deque<std::shared_ptr<Block>> blocks_ GUARDED_BY(mutex_);
  std::uint64_t first_ GUARDED_BY(mutex_) = 1;  // index of the oldest record held
  std::uint64_t next_ GUARDED_BY(mutex_) = 1;   // index of the next record
  TimePoint last_arrival_ GUARDED_BY(mutex_);
  std::optional<SequenceNumber> ending_ GUARDED_BY(mutex_);
  TimePoint closed_at_ GUARDED_BY(mutex_);
  ShardCounters counters_ GUARDED_BY(mutex_);
};

}  // namespace hydrant::streams
