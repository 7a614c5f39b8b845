// The two kinds of buffers, and the deadline that each has while it is open. A buffer opens with
// its first record, and is expected to be as large as the one before. None of these is thread-safe:
// the delivery stream's mutex guards them.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "core/clock.h"
#include "engine/delivery/batch.h"
#include "engine/delivery/block_cache.h"
#include "engine/delivery/transform/event.h"

namespace hydrant::delivery {

// When an open buffer is to be cut. The serial tells a timer that comes too late, because the
// buffer has been cut by size in the meantime, from one that is meant.
class CutTimer {
 public:
  std::uint64_t open(TimePoint now, TimePoint due) {
    opened_ = now;
    due_ = due;
    return ++serial_;
  }
  void armed_as(Clock::TimerId id) { timer_ = id; }
  void close(Clock& clock) {
    if (const auto timer = std::exchange(timer_, std::nullopt)) clock.cancel(*timer);
    due_.reset();
    ++serial_;
  }
  bool is(std::uint64_t serial) const { return serial == serial_; }
  TimePoint opened() const { return opened_; }
  std::optional<TimePoint> due() const { return due_; }

 private:
  std::uint64_t serial_ = 0;
  TimePoint opened_;
  std::optional<TimePoint> due_;
  std::optional<Clock::TimerId> timer_;
};

// Before a transform: keeps what the event of an invocation needs of every record.
class SourceBuffer {
 public:
  explicit SourceBuffer(SourceType source) : source_(source) {}
  CutTimer timer;

  // False: with this record the event would be larger than an invocation takes.
  bool has_room(const IncomingRecord& record) const {
    return event_bytes_ + transform::event_bytes_max(record, source_) <=
           transform::kPayloadBytesMax;
  }
  void add(const IncomingRecord& record, Reservation memory, BlockCache& blocks) {
    if (batch_.entries.empty()) batch_.bytes = blocks.take(last_bytes_ + last_bytes_ / 16);
    batch_.add(record);
    batch_.memory.absorb(std::move(memory));
    event_bytes_ += transform::event_bytes_max(record, source_);
  }
  SourceBatch take() {
    last_bytes_ = batch_.bytes.size();
    event_bytes_ = transform::kEventHeadBytesMax;
    return std::exchange(batch_, SourceBatch{});
  }
  bool empty() const { return batch_.entries.empty(); }
  std::size_t records() const { return batch_.entries.size(); }
  std::size_t bytes() const { return batch_.bytes.size(); }
  TimePoint oldest() const { return batch_.oldest; }

 private:
  const SourceType source_;
  SourceBatch batch_;
  std::size_t event_bytes_ = transform::kEventHeadBytesMax;
  std::size_t last_bytes_ = 0;  // the next one will likely be as large
};

// Before an object: bytes in order, and how old the oldest record is.
class ObjectBuffer {
 public:
  // `separator` goes between records, not behind the last.
  explicit ObjectBuffer(std::string_view separator = {}) : separator_(separator) {}
  CutTimer timer;

  void add(std::string_view data, std::string_view delimiter, TimePoint arrival, Reservation memory,
           BlockCache& blocks) {
    if (contents_.records == 0) {
      contents_.bytes = blocks.take(last_bytes_ + last_bytes_ / 16);
    } else {
      contents_.bytes.append(separator_);
    }
    contents_.bytes.append(data);
    contents_.bytes.append(delimiter);
    ++contents_.records;
    contents_.oldest = std::min(contents_.oldest, arrival);
    contents_.memory.absorb(std::move(memory));
  }
  ObjectContents take() {
    last_bytes_ = contents_.bytes.size();
    return std::exchange(contents_, ObjectContents{});
  }
  bool empty() const { return contents_.records == 0; }
  std::uint64_t records() const { return contents_.records; }
  std::size_t bytes() const { return contents_.bytes.size(); }
  TimePoint oldest() const { return contents_.oldest; }

 private:
  const std::string_view separator_;
  ObjectContents contents_;
  std::size_t last_bytes_ = 0;
};

}  // namespace hydrant::delivery
