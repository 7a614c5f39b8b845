// Records lie in blocks: the bytes in one piece, the entries that describe them beside it. A block
// is only ever appended to, so what a reader was told of may be read without the lock while it
// holds the block; a block goes when the last of its records has been trimmed and no reader holds
// it.
#include "engine/streams/shard.h"

#include <algorithm>
#include <cstring>

namespace hydrant::streams {
namespace {

constexpr std::size_t kBlockBytesMin = 32 * 1024;
constexpr std::size_t kBlockBytesMax = 1024 * 1024;

struct Entry {
  std::uint32_t offset;
  std::uint32_t data_size;
  std::uint16_t key_size;
  bool encrypted;
  TimePoint arrival;
};

std::int64_t footprint_of(const Entry& entry) {
  return static_cast<std::int64_t>(entry.data_size + entry.key_size + sizeof(Entry));
}

}  // namespace

class Block {
 public:
  Block(std::uint64_t first_index, std::size_t byte_capacity)
      : base(first_index), capacity(byte_capacity), bytes(new char[byte_capacity]) {}

  std::uint64_t end() const { return base + entries.size(); }
  const Entry& entry(std::uint64_t index) const { return entries[index - base]; }

  const std::uint64_t base;  // index of its first record
  const std::size_t capacity;
  std::size_t used = 0;
  std::vector<Entry> entries;
  const std::unique_ptr<char[]> bytes;
};

struct Shard::Limits {
  Limits(const ThrottleSettings& settings, std::int64_t record_bytes_max, TimePoint now)
      : throttle(settings),
        write_bytes(kWriteBytesPerSecond * settings.scale,
                    std::max(settings.burst_seconds * kWriteBytesPerSecond,
                             static_cast<double>(record_bytes_max)) *
                        settings.scale,
                    now),
        write_records(kWriteRecordsPerSecond * settings.scale,
                      kWriteRecordsPerSecond * settings.scale * settings.burst_seconds, now),
        read_calls(kReadCallsPerSecond * settings.scale,
                   kReadCallsPerSecond * settings.scale * settings.burst_seconds, now),
        iterator_calls(read_calls),
        reads_closed_until(now) {}

  void refill(TimePoint now) {
    write_bytes.refill(now);
    write_records.refill(now);
  }
  bool admit_write(double cost) {
    if (!throttle.enabled) return true;
    if (!write_bytes.holds(cost) || !write_records.holds(1)) return false;
    write_bytes.take(cost);
    write_records.take(1);
    return true;
  }
  bool admit_read(TimePoint now) {
    if (!throttle.enabled) return true;
    read_calls.refill(now);
    if (now < reads_closed_until || !read_calls.holds(1)) return false;
    read_calls.take(1);
    return true;
  }
  // A read of 10 MiB closes the shard for five seconds.
  void charge_read(TimePoint now, std::int64_t bytes) {
    const double seconds = static_cast<double>(bytes) / (kReadBytesPerSecond * throttle.scale);
    reads_closed_until = now + Duration(static_cast<std::int64_t>(seconds * 1e6));
  }

  ThrottleSettings throttle;
  TokenBucket write_bytes, write_records, read_calls, iterator_calls;
  TimePoint reads_closed_until;
};

Shard::Shard(std::int32_t number, HashRange range, Lineage lineage, std::int64_t created_s,
             TimePoint now, const ThrottleSettings& throttle, std::int64_t record_bytes_max,
             MemoryBudget& memory)
    : number_(number),
      range_(range),
      lineage_(lineage),
      created_s_(created_s),
      opened_at_(now),
      memory_(memory),
      limits_(std::make_unique<Limits>(throttle, record_bytes_max, now)) {}

Shard::~Shard() {
  MutexLock lock(mutex_);
  drop_front(next_);
}

std::int64_t Shard::footprint(const NewRecord& record) {
  return record.cost() + static_cast<std::int64_t>(sizeof(Entry));
}

std::optional<SequenceNumber> Shard::ending_number() const {
  MutexLock lock(mutex_);
  return ending_;
}

std::optional<TimePoint> Shard::closed_at() const {
  MutexLock lock(mutex_);
  if (!ending_) return std::nullopt;
  return closed_at_;
}

Block& Shard::room_for(const NewRecord& record) {
  const auto bytes = static_cast<std::size_t>(record.cost());
  if (!blocks_.empty() && blocks_.back()->capacity - blocks_.back()->used >= bytes)
    return *blocks_.back();
  // Blocks double, so that an idle shard costs little and a busy one allocates seldom.
  const std::size_t wanted =
      blocks_.empty() ? kBlockBytesMin : std::min(blocks_.back()->capacity * 2, kBlockBytesMax);
  blocks_.push_back(std::make_shared<Block>(next_, std::max(wanted, bytes)));
  return *blocks_.back();
}

void Shard::append(std::span<const NewRecord> records, std::span<const std::uint32_t> which,
                   std::span<Placement> placements, TimePoint now, bool encrypted) {
  MutexLock lock(mutex_);
  // Callers reach the lock in another order than that in which they read the clock.
  const auto arrival = last_arrival_ = std::max(last_arrival_, now);
  const auto time_s = std::max(epoch_seconds(arrival), created_s_);
  limits_->refill(now);
  for (const auto i : which) {
    const auto& record = records[i];
    auto& placement = placements[i];
    placement.number = {created_s_, next_, time_s, number_};
    placement.placed = limits_->admit_write(static_cast<double>(record.cost()));
    if (!placement.placed) {
      ++counters_.records_refused;
      continue;
    }
    placement.encrypted = encrypted;
    Block& block = room_for(record);
    char* to = block.bytes.get() + block.used;
    if (!record.data.empty()) std::memcpy(to, record.data.data(), record.data.size());
    std::memcpy(to + record.data.size(), record.partition_key.data(), record.partition_key.size());
    block.entries.push_back(
        {static_cast<std::uint32_t>(block.used), static_cast<std::uint32_t>(record.data.size()),
         static_cast<std::uint16_t>(record.partition_key.size()), encrypted, arrival});
    block.used += static_cast<std::size_t>(record.cost());
    ++next_;
    ++counters_.records_in;
    counters_.bytes_in += static_cast<std::uint64_t>(record.cost());
    counters_.bytes_held += static_cast<std::uint64_t>(footprint(record));
  }
}

// Blocks are in order of their indices; the last one that begins at or before `index` holds it.
std::size_t Shard::block_of(std::uint64_t index) const {
  const auto after =
      std::upper_bound(blocks_.begin(), blocks_.end(), index,
                       [](std::uint64_t wanted, const std::shared_ptr<Block>& block) {
                         return wanted < block->base;
                       });
  return static_cast<std::size_t>(after - blocks_.begin()) - 1;
}

std::variant<Read, ReadRefused> Shard::read(std::uint64_t from, const ReadLimits& limits,
                                            TimePoint now, TimePoint horizon) {
  std::uint64_t oldest_kept = first_at_or_after(horizon);
  MutexLock lock(mutex_);
  if (limits.metered && !limits_->admit_read(now)) {
    ++counters_.reads_refused;
    return ReadRefused{};
  }
  Read read;
  std::int64_t bytes = 0;
  std::uint64_t index = std::max({from, first_, oldest_kept});
  index = std::min(index, next_);
  while (index < next_ && static_cast<std::int64_t>(read.records.size()) < limits.records_max) {
    const auto& block = blocks_[block_of(index)];
    const Entry& entry = block->entry(index);
    if (!read.records.empty() && bytes + entry.data_size > limits.bytes_max) break;
    if (read.pins.empty() || read.pins.back() != block) read.pins.push_back(block);
    const char* data = block->bytes.get() + entry.offset;
    read.records.push_back(
        {{data, entry.data_size},
         {data + entry.data_size, entry.key_size},
         {created_s_, index, std::max(epoch_seconds(entry.arrival), created_s_), number_},
         entry.arrival,
         entry.encrypted});
    bytes += entry.data_size;
    ++index;
  }
  if (limits.metered) limits_->charge_read(now, bytes);
  counters_.records_out += read.records.size();
  counters_.bytes_out += static_cast<std::uint64_t>(bytes);
  read.next = index;
  read.at_end = ending_.has_value() && index == next_;
  if (index < next_ && !read.records.empty())
    read.millis_behind = epoch_millis(now) - epoch_millis(read.records.back().arrival);
  return read;
}

bool Shard::admit_iterator(TimePoint now) {
  MutexLock lock(mutex_);
  if (!limits_->throttle.enabled) return true;
  limits_->iterator_calls.refill(now);
  if (!limits_->iterator_calls.holds(1)) return false;
  limits_->iterator_calls.take(1);
  return true;
}

std::uint64_t Shard::tip() const {
  MutexLock lock(mutex_);
  return next_;
}

// Arrival times never go backwards within a shard, so both steps are binary searches.
std::uint64_t Shard::first_at_or_after(TimePoint time) const {
  MutexLock lock(mutex_);
  const auto block = std::partition_point(
      blocks_.begin(), blocks_.end(), [time](const std::shared_ptr<Block>& candidate) {
        return candidate->entries.empty() || candidate->entries.back().arrival < time;
      });
  if (block == blocks_.end()) return next_;
  const auto& entries = (*block)->entries;
  const auto entry = std::partition_point(entries.begin(), entries.end(),
                                          [time](const Entry& e) { return e.arrival < time; });
  return std::max(first_, (*block)->base + static_cast<std::uint64_t>(entry - entries.begin()));
}

std::optional<TimePoint> Shard::oldest_arrival() const {
  MutexLock lock(mutex_);
  if (first_ == next_) return std::nullopt;
  return blocks_[block_of(first_)]->entry(first_).arrival;
}

void Shard::close(std::int64_t second, TimePoint now) {
  MutexLock lock(mutex_);
  ending_ = SequenceNumber{created_s_, SequenceNumber::kIndexMax, second, number_};
  closed_at_ = now;
}

std::int64_t Shard::drop_front(std::uint64_t first_kept) {
  std::int64_t bytes = 0;
  while (first_ < first_kept) {
    auto& block = *blocks_.front();
    const auto end = std::min(first_kept, block.end());
    for (; first_ < end; ++first_) bytes += footprint_of(block.entry(first_));
    if (first_ < block.end()) break;
    blocks_.pop_front();
  }
  counters_.bytes_held -= static_cast<std::uint64_t>(bytes);
  memory_.release(bytes);
  return bytes;
}

std::int64_t Shard::trim_before(TimePoint horizon) {
  const auto kept = first_at_or_after(horizon);
  MutexLock lock(mutex_);
  return drop_front(std::min(kept, next_));
}

std::int64_t Shard::trim_early(std::int64_t bytes) {
  MutexLock lock(mutex_);
  std::int64_t freed = 0;
  std::uint64_t kept = first_;
  while (kept < next_ && freed < bytes) {
    freed += footprint_of(blocks_[block_of(kept)]->entry(kept));
    ++kept;
  }
  counters_.records_trimmed_early += kept - first_;
  return drop_front(kept);
}

void Shard::set_limits(const ThrottleSettings& throttle, std::int64_t record_bytes_max,
                       TimePoint now) {
  MutexLock lock(mutex_);
  limits_ = std::make_unique<Limits>(throttle, record_bytes_max, now);
}

ShardCounters Shard::counters(TimePoint now) const {
  MutexLock lock(mutex_);
  auto counters = counters_;
  counters.records_held = next_ - first_;
  Limits levels = *limits_;
  levels.refill(now);
  counters.write_bytes_level = levels.write_bytes.level();
  counters.write_records_level = levels.write_records.level();
  return counters;
}

}  // namespace hydrant::streams
