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

// What a record takes from the memory budget on its way.
std::int64_t cost_of(const streams::Record& record) {
  return static_cast<std::int64_t>(record.data.size() + record.partition_key.size() +
                                   sizeof(SourceBatch::Entry));
}

}  // namespace

KinesisSource::KinesisSource(const KinesisSourceSettings& settings, streams::Registry& streams,
                             const Clock& clock, MemoryBudget& memory, SourceTarget& target)
    : settings_(settings), streams_(streams), clock_(clock), memory_(memory), target_(target) {}

void KinesisSource::start() {
  MutexLock lock(mutex_);
  stopped_ = false;
  if (std::exchange(started_, true)) return;
  stream_ = streams_.find(settings_.stream);
  if (stream_ != nullptr && !stream_->readable()) stream_ = nullptr;
  if (stream_ == nullptr) return;
  for (const auto& shard : stream_->shards()) {
    Cursor cursor{.shard = shard, .next = shard->tip(), .read_at = clock_.now()};
    // Its records were there before: they are not read, but its children are.
    cursor.drained = !shard->open();
    cursors_.emplace(shard->number(), std::move(cursor));
  }
}

void KinesisSource::stop() {
  MutexLock reading(reading_);  // behind the read that is under way
  MutexLock lock(mutex_);
  stopped_ = true;
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

KinesisSource::Numbers KinesisSource::open_children() {
  Numbers opened;
  for (const auto& shard : stream_->shards()) {
    if (cursors_.contains(shard->number())) continue;
    const auto& [parent, adjacent_parent] = shard->lineage();
    if (!is_drained(parent) || !is_drained(adjacent_parent)) continue;
    cursors_.emplace(shard->number(),
                     Cursor{.shard = shard, .next = kStartOfShard, .read_at = shard->opened_at()});
    opened.push_back(shard->number());
  }
  return opened;
}

void KinesisSource::forget_old_shards() {
  std::erase_if(cursors_, [stream = stream_](const auto& entry) {
    return entry.second.drained && stream->shard(entry.first) == nullptr;
  });
}

KinesisSource::Numbers KinesisSource::begin_round(PollReport& report) {
  MutexLock reading(reading_);  // a read that is under way has a cursor that must stay
  MutexLock lock(mutex_);
  if (stopped_) return {};
  const bool had_stream = stream_ != nullptr;
  if (!find_stream()) {
    report.lost_stream = had_stream;
    return {};
  }
  forget_old_shards();
  open_children();
  Numbers round;
  for (const auto& [number, cursor] : cursors_)
    if (!cursor.drained) round.push_back(number);
  std::ranges::rotate(round, std::ranges::lower_bound(round, first_of_round_));
  return round;
}

// False: the memory is full, and the rest of the shards have to wait.
bool KinesisSource::read_round(const Numbers& round, PollReport& report) {
  for (const std::int32_t number : round) {
    const Progress outcome = read_one(number, true);
    if (outcome == Progress::refused) ++report.reads_refused;
    if (outcome != Progress::no_room || memory_.used() < memory_.bytes_max()) continue;
    MutexLock lock(mutex_);
    first_of_round_ = number;
    return false;
  }
  return true;
}

PollReport KinesisSource::poll() {
  PollReport report;
  // A parent that turns out to be drained lets its children be read in the same round.
  for (Numbers round = begin_round(report); !round.empty();) {
    const bool has_room = read_round(round, report);
    MutexLock lock(mutex_);
    if (!has_room || stopped_ || stream_ == nullptr) break;
    round = open_children();
  }
  MutexLock lock(mutex_);
  report.records_trimmed = std::exchange(records_trimmed_, 0);
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
  for (bool progress = true; progress;) {
    Numbers round;
    {
      MutexLock lock(mutex_);
      if (stopped_ || stream_ == nullptr || stream_ != tips.stream) return true;
      progress = !open_children().empty();
      for (const auto& [number, cursor] : cursors_) {
        const auto tip = tips.by_shard.find(number);
        if (cursor.drained || tip == tips.by_shard.end()) continue;
        // A closed shard is read on until it says that this was its end, for the sake of its
        // children.
        if (cursor.next < tip->second || !cursor.shard->open()) round.push_back(number);
      }
    }
    for (const std::int32_t number : round) {
      if (read_one(number, false) == Progress::no_room) return false;
      progress = true;
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

KinesisSource::Progress KinesisSource::read_one(std::int32_t number, bool metered) {
  MutexLock reading(reading_);
  std::shared_ptr<streams::Stream> stream;
  std::shared_ptr<streams::Shard> shard;
  std::uint64_t next = 0;
  {
    MutexLock lock(mutex_);
    const auto cursor = cursors_.find(number);
    if (stopped_ || cursor == cursors_.end() || cursor->second.drained) return Progress::nothing;
    stream = stream_;
    shard = cursor->second.shard;
    next = cursor->second.next;
  }
  const TimePoint now = clock_.now();
  const std::int64_t room = memory_.bytes_max() - memory_.used();
  if (room <= 0 && !target_.holds_nothing()) {
    note_refusal(number, now);
    return Progress::no_room;
  }
  streams::ReadLimits limits;
  limits.metered = metered;
  limits.bytes_max = room <= 0 ? kBytesOverBudget : std::min(limits.bytes_max, room);
  const auto answer = shard->read(next, limits, now, stream->horizon(now));
  const auto* found = std::get_if<streams::Read>(&answer);
  if (found == nullptr) {
    note_refusal(number, now);
    return Progress::refused;
  }
  const Taken taken = hand_over(*found);
  advance(number, *found, taken, now);
  if (taken.records != 0) return Progress::read;
  return taken.all ? Progress::nothing : Progress::no_room;
}

// As many records as there is room for. A target that holds data makes room by delivering it; one
// that holds nothing is given all of them, room or not.
KinesisSource::Taken KinesisSource::hand_over(const streams::Read& read) {
  std::span<const streams::Record> records = read.records;
  if (records.empty()) return {};
  std::int64_t bytes = 0;
  for (const streams::Record& record : records) bytes += cost_of(record);
  Reservation memory;
  if (memory_.try_reserve(bytes)) {
    memory = Reservation::adopt(memory_, bytes);
  } else if (target_.holds_nothing()) {
    memory = Reservation::force(memory_, bytes);
  } else {
    const std::int64_t room = memory_.bytes_max() - memory_.used();
    for (; !records.empty() && bytes > room; records = records.first(records.size() - 1))
      bytes -= cost_of(records.back());
    if (records.empty() || !memory_.try_reserve(bytes)) return {.records = 0, .all = false};
    memory = Reservation::adopt(memory_, bytes);
  }
  target_.take_read(records, std::move(memory));
  return {.records = records.size(), .all = records.size() == read.records.size()};
}

void KinesisSource::advance(std::int32_t number, const streams::Read& read, const Taken& taken,
                            TimePoint now) {
  MutexLock lock(mutex_);
  Cursor& cursor = cursors_.at(number);
  const std::uint64_t first = read.records.empty() ? read.next : read.records[0].number.index;
  records_trimmed_ += first - cursor.next;
  cursor.next = taken.all ? read.next : first + taken.records;
  cursor.drained = taken.all && read.at_end;
  cursor.read_at = now;
  cursor.millis_behind = read.millis_behind;
  if (!taken.all) {
    const auto& last = read.records[taken.records == 0 ? 0 : taken.records - 1];
    cursor.millis_behind = epoch_millis(now) - epoch_millis(last.arrival);
  }
  cursor.millis_behind_then = cursor.millis_behind;
}

// What has come in since the last read, also to the children of a closed shard, is younger than
// that read.
void KinesisSource::note_refusal(std::int32_t number, TimePoint now) {
  MutexLock lock(mutex_);
  Cursor& cursor = cursors_.at(number);
  const bool at_tip = cursor.shard->open() && cursor.next >= cursor.shard->tip();
  cursor.millis_behind =
      at_tip ? 0 : cursor.millis_behind_then + epoch_millis(now) - epoch_millis(cursor.read_at);
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
