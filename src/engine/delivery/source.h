// KinesisSource: reads the stream that a delivery stream has as its source, shard by shard, as the
// service does: from LATEST of what is open when it starts, then every child from its start once
// its parents have been read to their end. Nothing is lost or read twice over a reshard.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/clock.h"
#include "core/memory_budget.h"
#include "core/mutex.h"
#include "engine/delivery/reservation.h"
#include "engine/delivery/settings.h"
#include "engine/streams/registry.h"

namespace hydrant::delivery {

// Where the shards of a stream ended at some moment.
struct SourceTips {
  std::shared_ptr<streams::Stream> stream;
  std::map<std::int32_t, std::uint64_t> by_shard;
};

// Who takes what is read.
class SourceTarget {
 public:
  virtual ~SourceTarget() = default;
  virtual void take_read(std::span<const streams::Record> records, Reservation memory) = 0;
  virtual bool holds_nothing() const = 0;  // no record that is undelivered
};

struct PollReport {
  std::uint64_t reads_refused = 0;  // the shard's read limit was used up
  bool lost_stream = false;         // it was there at the last poll and is not now
};

// Thread-safe. Its mutex is held while a shard is read and the target takes the records, which
// keeps them in order; the target must not call back.
class KinesisSource {
 public:
  KinesisSource(const KinesisSourceSettings& settings, streams::Registry& streams,
                const Clock& clock, MemoryBudget& memory, SourceTarget& target);

  void start();       // the stream's records from now on
  PollReport poll();  // one read of every shard that may be read, off its read limit

  // For a flush: everything up to `tips`, without counting against the read limit. False: the
  // memory budget is full, and the target has to deliver first.
  SourceTips tips() const;
  bool read_to(const SourceTips& tips);
  bool at_tip() const;

  std::int64_t millis_behind() const;
  Duration retention() const;  // of the stream; how long its data is worth retrying

 private:
  struct Cursor {
    std::shared_ptr<streams::Shard> shard;
    std::uint64_t next = 0;
    bool drained = false;  // closed and read to its end, or not to be read at all
    bool polled = false;   // in this round
    std::int64_t millis_behind = 0;
  };
  enum class Progress { read, nothing, refused, no_room };

  bool find_stream() REQUIRES(mutex_);
  bool open_children() REQUIRES(mutex_);
  void forget_old_shards() REQUIRES(mutex_);
  bool is_drained(const std::optional<std::int32_t>& parent) const REQUIRES(mutex_);
  Progress read(Cursor& cursor, bool metered) REQUIRES(mutex_);
  bool take(const streams::Read& read) REQUIRES(mutex_);

  const KinesisSourceSettings settings_;
  streams::Registry& streams_;
  const Clock& clock_;
  MemoryBudget& memory_;
  SourceTarget& target_;

  mutable Mutex mutex_;
  std::shared_ptr<streams::Stream> stream_ GUARDED_BY(mutex_);  // null: there is none now
  std::map<std::int32_t, Cursor> cursors_ GUARDED_BY(mutex_);   // by shard number
};

}  // namespace hydrant::delivery
