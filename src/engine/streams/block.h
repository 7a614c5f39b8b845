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
    std::uint16_t key_size;
    bool encrypted;
    TimePoint arrival;
  };
  static constexpr std::size_t kEntryBytes = sizeof(Entry);

  // Its memory counts in the budget for as long as it lives.
  Block(std::uint64_t first_index, std::size_t bytes, std::shared_ptr<BlockPool> pool,
        MemoryBudget& memory)
      : base_(first_index),
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
  bool has_room(std::size_t record_bytes) const {
    return bytes_ - used_ - count_ * kEntryBytes >= record_bytes + kEntryBytes;
  }

  // There is room for it.
  void append(std::string_view data, std::string_view partition_key, bool encrypted,
              TimePoint arrival) {
    char* const to = start_ + used_;
    if (!data.empty()) std::memcpy(to, data.data(), data.size());
    std::memcpy(to + data.size(), partition_key.data(), partition_key.size());
    ++count_;
    *entry_at(count_) = {static_cast<std::uint32_t>(used_), static_cast<std::uint32_t>(data.size()),
                         static_cast<std::uint16_t>(partition_key.size()), encrypted, arrival};
    used_ += data.size() + partition_key.size();
  }

  const Entry& entry(std::uint64_t index) const { return *entry_at(index - base_ + 1); }
  std::string_view data(const Entry& entry) const {
    return {start_ + entry.offset, entry.data_size};
  }
  std::string_view partition_key(const Entry& entry) const {
    return {start_ + entry.offset + entry.data_size, entry.key_size};
  }

 private:
  // The n-th, from 1. Blocks are aligned, and so is their end.
  Entry* entry_at(std::uint64_t number) const {
    return reinterpret_cast<Entry*>(start_ + bytes_) - number;
  }

  const std::uint64_t base_;
  const std::size_t bytes_;
  const std::shared_ptr<BlockPool> pool_;
  MemoryBudget& memory_;
  char* const start_;
  std::size_t used_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace hydrant::streams
