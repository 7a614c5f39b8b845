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
#include <vector>

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
  // Records that aged out of the stream unread, since the last report: reading goes on behind them.
  std::uint64_t records_trimmed = 0;
};

// Thread-safe. One shard is read at a time, and the target takes what was read before the next one
// is, which keeps the records of a shard in order. Asking how things stand never waits for that, so
// the target may ask too; but it must not read from within take_read().
class KinesisSource {
 public:
  KinesisSource(const KinesisSourceSettings& settings, streams::Registry& streams,
                const Clock& clock, MemoryBudget& memory, SourceTarget& target);

  // The first time: the stream's records from now on. After a stop(): from where reading stopped.
  void start();
  void stop();  // nothing is read until start()
  // One read of every shard that may be read, off its read limit. If the target throws, what it
  // was given is read again the next time: records may come twice, but are not lost.
  PollReport poll();

  // For a flush: everything up to `tips`, without counting against the read limit. False: the
  // memory budget is full, and the target has to deliver first.
  SourceTips tips() const;
  bool read_to(const SourceTips& tips);
  bool at_tip() const;

  // Of the shard that is behind most, as it was when it was last polled. 0: all were at the tip.
  std::int64_t millis_behind() const;
  Duration retention() const;  // of the stream; how long its data is worth retrying

 private:
  struct Cursor {
    std::shared_ptr<streams::Shard> shard;
    std::uint64_t next = 0;  // of what has not been handed over
    bool drained = false;    // closed and read to its end, or not to be read at all
    TimePoint read_at;       // when it was last read, or opened
    std::int64_t millis_behind_then = 0, millis_behind = 0;
  };
  using Numbers = std::vector<std::int32_t>;
  enum class Progress { read, nothing, refused, no_room };
  struct Taken {  // what the target took of a read
    std::size_t records = 0;
    bool all = true;
  };

  bool find_stream() REQUIRES(mutex_);
  Numbers open_children() REQUIRES(mutex_);
  void forget_old_shards() REQUIRES(mutex_);
  bool is_drained(const std::optional<std::int32_t>& parent) const REQUIRES(mutex_);
  Numbers begin_round(PollReport& report) EXCLUDES(mutex_);
  bool read_round(const Numbers& round, PollReport& report) EXCLUDES(mutex_);
  Progress read_one(std::int32_t number, bool metered) EXCLUDES(mutex_);
  Taken hand_over(const streams::Read& read) REQUIRES(reading_);
  void advance(std::int32_t number, const streams::Read& read, const Taken& taken, TimePoint now)
      REQUIRES(reading_);
  void note_refusal(std::int32_t number, TimePoint now) REQUIRES(reading_);

  const KinesisSourceSettings settings_;
  streams::Registry& streams_;
  const Clock& clock_;
  MemoryBudget& memory_;
  SourceTarget& target_;

  Mutex reading_;  // held while one shard is read and handed over; before mutex_
  mutable Mutex mutex_;
  bool started_ GUARDED_BY(mutex_) = false;
  bool stopped_ GUARDED_BY(mutex_) = true;
  std::shared_ptr<streams::Stream> stream_ GUARDED_BY(mutex_);  // null: there is none now
  std::map<std::int32_t, Cursor> cursors_ GUARDED_BY(mutex_);   // by shard number
  // With the memory full a round ends early: the next one begins with this shard.
  std::int32_t first_of_round_ GUARDED_BY(mutex_) = 0;
  std::uint64_t records_trimmed_ GUARDED_BY(mutex_) = 0;  // not reported yet
};

}  // namespace hydrant::delivery
