// Block: a piece of a shard's log. The bytes of records grow from its start, the entries that
// describe them from its end, so that a record costs its bytes and one entry.
#pragma once
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "core/clock.h"
#include "core/memory_budget.h"
#include "engine/streams/block_pool.h"

namespace hydrant::streams {

// Only ever appended to, by its shard and under the shard's lock. What a reader was told of may be
// read without the lock while it holds the block.
class Block {
 public:
  struct Entry {
    std::uint32_t offset;
    std::uint32_t data_size;
    std::uint32_t arrival_ms;  // since that of the block
    std::uint16_t key_size;
    bool encrypted;
  };
  static constexpr std::size_t kEntryBytes = sizeof(Entry);
  static_assert(kEntryBytes == 16);

  // Its memory counts in the budget for as long as it lives.
  Block(std::uint64_t first_index, std::size_t bytes, TimePoint first_arrival,
        std::shared_ptr<BlockPool> pool, MemoryBudget& memory)
      : base_(first_index),
        first_arrival_(first_arrival),
        bytes_(bytes),
        pool_(std::move(pool)),
        memory_(memory),
        start_(pool_->take(bytes)) {
    memory_.take(static_cast<std::int64_t>(bytes_));
  }
  ~Block() {
    pool_->give(start_, bytes_);
    memory_.release(static_cast<std::int64_t>(bytes_));
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  std::uint64_t base() const { return base_; }  // index of its first record
  std::uint64_t end() const { return base_ + count_; }
  bool empty() const { return count_ == 0; }
  std::size_t bytes() const { return bytes_; }
  bool has_room(std::size_t record_bytes, TimePoint arrival) const {
    return bytes_ - used_ - count_ * kEntryBytes >= record_bytes + kEntryBytes &&
           millis_at(arrival) <= UINT32_MAX;
  }

  // There is room for it. Arrivals are of whole milliseconds, and none is before an earlier one.
  void append(std::string_view data, std::string_view partition_key, bool encrypted,
              TimePoint arrival) {
    char* const to = start_ + used_;
    if (!data.empty()) std::memcpy(to, data.data(), data.size());
    std::memcpy(to + data.size(), partition_key.data(), partition_key.size());
    ++count_;
    *entry_at(count_) = {static_cast<std::uint32_t>(used_), static_cast<std::uint32_t>(data.size()),
                         static_cast<std::uint32_t>(millis_at(arrival)),
                         static_cast<std::uint16_t>(partition_key.size()), encrypted};
    used_ += data.size() + partition_key.size();
  }

  const Entry& entry(std::uint64_t index) const { return *entry_at(index - base_ + 1); }
  TimePoint arrival(const Entry& entry) const {
    return first_arrival_ + std::chrono::milliseconds(entry.arrival_ms);
  }
  std::string_view data(const Entry& entry) const {
    return {start_ + entry.offset, entry.data_size};
  }
  std::string_view partition_key(const Entry& entry) const {
    return {start_ + entry.offset + entry.data_size, entry.key_size};
  }

 private:
  std::int64_t millis_at(TimePoint arrival) const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(arrival - first_arrival_).count();
  }
  // The n-th, from 1. Blocks are aligned, and so is their end.
  Entry* entry_at(std::uint64_t number) const {
    return reinterpret_cast<Entry*>(start_ + bytes_) - number;
  }

  const std::uint64_t base_;
  const TimePoint first_arrival_;
  const std::size_t bytes_;
  const std::shared_ptr<BlockPool> pool_;
  MemoryBudget& memory_;
  char* const start_;
  std::size_t used_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace hydrant::streams
