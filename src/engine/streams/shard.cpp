#include "engine/streams/shard.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <ranges>

#include "engine/streams/block.h"

namespace hydrant::streams {
namespace {

constexpr std::size_t kOwnBlockFrom = 256 * 1024;
constexpr std::size_t kOrdinaryBlockBytes = 64 * 1024;

// A block is as large as all that the shard holds, so that an idle one costs little, up to an
// ordinary size, so that few are taken. It is larger where that wastes less: half a record stays
// free at the end of each block, and half a block at the end of the shard.
std::size_t block_bytes_for(std::size_t record_bytes, std::size_t bytes_held) {
  const std::size_t wanted = record_bytes + Block::kEntryBytes;
  if (wanted >= kOwnBlockFrom) return BlockPool::own_block_bytes(wanted);
  const double least_waste =
      std::sqrt(static_cast<double>(wanted) * static_cast<double>(bytes_held));
  const auto nearest = std::bit_ceil(static_cast<std::size_t>(least_waste * 0.75) + 1);
  return BlockPool::block_bytes(
      std::max({std::min(bytes_held, kOrdinaryBlockBytes), nearest, wanted}));
}

}  // namespace

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
             MemoryBudget& memory, std::shared_ptr<BlockPool> pool)
    : number_(number),
      range_(range),
      lineage_(lineage),
      created_s_(created_s),
      opened_at_(now),
      memory_(memory),
      pool_(std::move(pool)),
      limits_(std::make_unique<Limits>(throttle, record_bytes_max, now)) {}

Shard::~Shard() = default;

std::int64_t Shard::footprint(const NewRecord& record) {
  return record.cost() + static_cast<std::int64_t>(Block::kEntryBytes);
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
  if (!blocks_.empty() && blocks_.back()->has_room(bytes, last_arrival_)) return *blocks_.back();
  const std::size_t block_bytes = block_bytes_for(bytes, counters_.bytes_held);
  blocks_.push_back(std::make_shared<Block>(next_, block_bytes, last_arrival_, pool_, memory_));
  counters_.bytes_held += block_bytes;
  return *blocks_.back();
}

void Shard::append(std::span<const NewRecord> records, std::span<const std::uint32_t> which,
                   std::span<Placement> placements, TimePoint now, bool encrypted) {
  MutexLock lock(mutex_);
  // Callers reach the lock in another order than that in which they read the clock.
  // The service tells arrivals by the millisecond.
  const auto arrival = last_arrival_ =
      std::max(last_arrival_, TimePoint(std::chrono::floor<std::chrono::milliseconds>(now)));
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
    room_for(record).append(record.data, record.partition_key, encrypted, arrival);
    ++next_;
    ++counters_.records_in;
    counters_.bytes_in += static_cast<std::uint64_t>(record.cost());
  }
}

// Blocks are in order of their indices; the last one that begins at or before `index` holds it.
std::size_t Shard::block_of(std::uint64_t index) const {
  const auto after =
      std::upper_bound(blocks_.begin(), blocks_.end(), index,
                       [](std::uint64_t wanted, const std::shared_ptr<Block>& block) {
                         return wanted < block->base();
                       });
  return static_cast<std::size_t>(after - blocks_.begin()) - 1;
}

// The service counts a record's time from its shard's beginning at the earliest.
SequenceNumber Shard::number_at(std::uint64_t index, TimePoint arrival) const {
  return {created_s_, index, std::max(epoch_seconds(arrival), created_s_), number_};
}

std::optional<SequenceNumber> Shard::number_of(std::uint64_t index) const {
  MutexLock lock(mutex_);
  if (index < first_ || index >= next_) return std::nullopt;
  const auto& block = *blocks_[block_of(index)];
  return number_at(index, block.arrival(block.entry(index)));
}

std::variant<Read, ReadRefused> Shard::read(std::uint64_t from, const ReadLimits& limits,
                                            TimePoint now, TimePoint horizon) {
  MutexLock lock(mutex_);
  if (limits.metered && !limits_->admit_read(now)) {
    ++counters_.reads_refused;
    return ReadRefused{};
  }
  Read read;
  std::int64_t bytes = 0;
  std::uint64_t index = std::max({from, first_, first_not_before(horizon)});
  index = std::min(index, next_);
  const auto wanted = static_cast<std::uint64_t>(std::max<std::int64_t>(limits.records_max, 0));
  read.records.reserve(std::min(wanted, next_ - index));
  const auto fits = [&](const Block::Entry& entry) {
    if (read.records.size() == wanted) return false;
    return read.records.empty() || bytes + entry.data_size <= limits.bytes_max;
  };
  for (auto at = block_of(index); index < next_; ++at) {
    const auto& block = blocks_[at];
    const std::uint64_t before = index;
    for (; index < block->end() && fits(block->entry(index)); ++index) {
      const auto& entry = block->entry(index);
      const auto arrival = block->arrival(entry);
      read.records.push_back({block->data(entry), block->partition_key(entry),
                              number_at(index, arrival), arrival, entry.encrypted});
      bytes += entry.data_size;
    }
    if (index != before) read.pins.push_back(block);
    if (index != block->end()) break;
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
std::uint64_t Shard::first_not_before(TimePoint time) const {
  const auto block = std::ranges::partition_point(blocks_, [time](const auto& candidate) {
    return candidate->arrival(candidate->entry(candidate->end() - 1)) < time;
  });
  if (block == blocks_.end()) return next_;
  const auto indices = std::views::iota((*block)->base(), (*block)->end());
  const auto found = std::ranges::partition_point(indices, [&](std::uint64_t index) {
    return (*block)->arrival((*block)->entry(index)) < time;
  });
  return std::max(first_, *found);
}

std::uint64_t Shard::first_at_or_after(TimePoint time) const {
  MutexLock lock(mutex_);
  return first_not_before(time);
}

std::optional<TimePoint> Shard::oldest_arrival() const {
  MutexLock lock(mutex_);
  if (first_ == next_) return std::nullopt;
  const auto& block = *blocks_.front();  // what is before the first record is dropped by the block
  return block.arrival(block.entry(first_));
}

void Shard::close(std::int64_t second, TimePoint now) {
  MutexLock lock(mutex_);
  ending_ = SequenceNumber{created_s_, SequenceNumber::kIndexMax, second, number_};
  closed_at_ = now;
}

// Memory is given back by the block, and behind the lock: writers need not wait for the system.
Shard::Blocks Shard::drop_front(std::uint64_t first_kept) {
  Blocks dropped;
  for (; !blocks_.empty() && blocks_.front()->end() <= first_kept; blocks_.pop_front()) {
    counters_.bytes_held -= blocks_.front()->bytes();
    dropped.push_back(std::move(blocks_.front()));
  }
  first_ = first_kept;
  return dropped;
}

std::int64_t Shard::bytes_of(const Blocks& blocks) {
  std::size_t bytes = 0;
  for (const auto& block : blocks) bytes += block->bytes();
  return static_cast<std::int64_t>(bytes);
}

std::int64_t Shard::trim_before(TimePoint horizon) {
  Blocks dropped;
  {
    MutexLock lock(mutex_);
    dropped = drop_front(first_not_before(horizon));
  }
  return bytes_of(dropped);
}

std::int64_t Shard::trim_early(std::int64_t bytes) {
  Blocks dropped;
  {
    MutexLock lock(mutex_);
    std::int64_t freed = 0;
    std::uint64_t kept = first_;
    for (auto block = blocks_.begin(); block != blocks_.end() && freed < bytes; ++block) {
      freed += static_cast<std::int64_t>((*block)->bytes());
      kept = (*block)->end();
    }
    counters_.records_trimmed_early += kept - first_;
    dropped = drop_front(kept);
  }
  return bytes_of(dropped);
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
