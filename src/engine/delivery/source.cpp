#include "engine/delivery/source.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include "engine/delivery/batch.h"

namespace hydrant::delivery {
namespace {

constexpr std::uint64_t kStartOfShard = 1;
// With the budget full, what a target that holds nothing is still given, so that it gets on.
constexpr std::int64_t kBytesOverBudget = 1024 * 1024;

}  // namespace

KinesisSource::KinesisSource(const KinesisSourceSettings& settings, streams::Registry& streams,
                             const Clock& clock, MemoryBudget& memory, SourceTarget& target)
    : settings_(settings), streams_(streams), clock_(clock), memory_(memory), target_(target) {}

void KinesisSource::start() {
  MutexLock lock(mutex_);
  stream_ = streams_.find(settings_.stream);
  if (stream_ != nullptr && !stream_->readable()) stream_ = nullptr;
  if (stream_ == nullptr) return;
  for (const auto& shard : stream_->shards()) {
    Cursor cursor{.shard = shard, .next = shard->tip()};
    // Its records were there before: they are not read, but its children are.
    cursor.drained = !shard->open();
    cursors_.emplace(shard->number(), std::move(cursor));
  }
}

// A stream that was not there when reading started, or has been created anew, is all new: it is
// read from its beginning. True if it is there.
bool KinesisSource::find_stream() {
  auto found = streams_.find(settings_.stream);
  if (found != nullptr && !found->readable()) found = nullptr;
  if (found == stream_) return found != nullptr;
  stream_ = std::move(found);
  cursors_.clear();
  return stream_ != nullptr;
}

bool KinesisSource::is_drained(const std::optional<std::int32_t>& parent) const {
  if (!parent) return true;
  const auto known = cursors_.find(*parent);
  if (known != cursors_.end()) return known->second.drained;
  return stream_->shard(*parent) == nullptr;  // aged out
}

bool KinesisSource::open_children() {
  bool opened = false;
  for (const auto& shard : stream_->shards()) {
    if (cursors_.contains(shard->number())) continue;
    const auto& [parent, adjacent_parent] = shard->lineage();
    if (!is_drained(parent) || !is_drained(adjacent_parent)) continue;
    cursors_.emplace(shard->number(), Cursor{.shard = shard, .next = kStartOfShard});
    opened = true;
  }
  return opened;
}

void KinesisSource::forget_old_shards() {
  std::erase_if(cursors_, [stream = stream_](const auto& entry) {
    return entry.second.drained && stream->shard(entry.first) == nullptr;
  });
}

PollReport KinesisSource::poll() {
  MutexLock lock(mutex_);
  PollReport report;
  const bool had_stream = stream_ != nullptr;
  if (!find_stream()) {
    report.lost_stream = had_stream;
    return report;
  }
  forget_old_shards();
  for (auto& [number, cursor] : cursors_) cursor.polled = false;
  open_children();
  // A parent that turns out to be drained lets its children be read in the same round.
  do {
    for (auto& [number, cursor] : cursors_) {
      if (std::exchange(cursor.polled, true) || cursor.drained) continue;
      if (read(cursor, true) == Progress::refused) ++report.reads_refused;
    }
  } while (open_children());
  return report;
}

SourceTips KinesisSource::tips() const {
  MutexLock lock(mutex_);
  SourceTips tips{.stream = stream_, .by_shard = {}};
  if (stream_ == nullptr) return tips;
  for (const auto& shard : stream_->shards()) tips.by_shard[shard->number()] = shard->tip();
  return tips;
}

bool KinesisSource::read_to(const SourceTips& tips) {
  MutexLock lock(mutex_);
  if (stream_ == nullptr || stream_ != tips.stream) return true;
  bool progress = true;
  while (progress) {
    progress = open_children();
    for (auto& [number, cursor] : cursors_) {
      const auto tip = tips.by_shard.find(number);
      if (cursor.drained || tip == tips.by_shard.end()) continue;
      // A closed shard is read on until it says that this was its end, for the sake of its
      // children.
      if (cursor.next >= tip->second && cursor.shard->open()) continue;
      const Progress outcome = read(cursor, false);
      if (outcome == Progress::no_room) return false;
      progress = progress || outcome == Progress::read || cursor.drained;
    }
  }
  return true;
}

bool KinesisSource::at_tip() const {
  MutexLock lock(mutex_);
  if (stream_ == nullptr) return true;
  for (const auto& shard : stream_->shards()) {
    const auto known = cursors_.find(shard->number());
    if (known == cursors_.end()) return false;
    if (!known->second.drained && known->second.next < shard->tip()) return false;
  }
  return true;
}

KinesisSource::Progress KinesisSource::read(Cursor& cursor, bool metered) {
  const std::int64_t room = memory_.bytes_max() - memory_.used();
  if (room <= 0 && !target_.holds_nothing()) return Progress::no_room;

  streams::ReadLimits limits;
  limits.metered = metered;
  limits.bytes_max = room <= 0 ? kBytesOverBudget : std::min(limits.bytes_max, room);
  const TimePoint now = clock_.now();
  const auto answer = cursor.shard->read(cursor.next, limits, now, stream_->horizon(now));
  if (std::holds_alternative<streams::ReadRefused>(answer)) return Progress::refused;

  const auto& found = std::get<streams::Read>(answer);
  if (!found.records.empty() && !take(found)) return Progress::no_room;
  cursor.next = found.next;
  cursor.drained = found.at_end;
  cursor.millis_behind = found.millis_behind;
  return found.records.empty() ? Progress::nothing : Progress::read;
}

// False: there is no room for them, and the target holds data whose delivery will make some.
bool KinesisSource::take(const streams::Read& read) {
  std::int64_t bytes = 0;
  for (const streams::Record& record : read.records) {
    bytes += static_cast<std::int64_t>(record.data.size() + record.partition_key.size() +
                                       sizeof(SourceBatch::Entry));
  }
  Reservation memory;
  if (memory_.try_reserve(bytes)) {
    memory = Reservation::adopt(memory_, bytes);
  } else if (target_.holds_nothing()) {
    memory = Reservation::force(memory_, bytes);
  } else {
    return false;
  }
  target_.take_read(read.records, std::move(memory));
  return true;
}

std::int64_t KinesisSource::millis_behind() const {
  MutexLock lock(mutex_);
  std::int64_t behind = 0;
  for (const auto& [number, cursor] : cursors_) behind = std::max(behind, cursor.millis_behind);
  return behind;
}

Duration KinesisSource::retention() const {
  MutexLock lock(mutex_);
  constexpr std::chrono::hours kDefault{24};
  return stream_ == nullptr ? kDefault : std::chrono::hours(stream_->settings().retention_hours);
}

}  // namespace hydrant::delivery
