// BlockPool: the memory in which records lie. A page that is fresh costs the kernel more than what
// is copied into it, so blocks are used again; malloc() would keep what streams have given up for
// good, because its holes lie below its top.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <utility>
#include <vector>

#include "core/mutex.h"

namespace hydrant::streams {

// Thread-safe. Blocks are cut from regions of 2 MiB, which are huge pages once there is much to
// hold. Of the free blocks few are kept with their memory: what is held in all follows what is in
// use. The rest goes back to the system, and only addresses are kept.
class BlockPool {
 public:
  static constexpr std::size_t kBlockBytesMin = 4 * 1024;
  static constexpr std::size_t kBlockBytesMax = 1024 * 1024;

  BlockPool() = default;
  ~BlockPool();  // all blocks have been given back
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;

  // Of what size a block is that is to hold `bytes`, and perhaps more.
  static constexpr std::size_t block_bytes(std::size_t bytes) {
    return std::bit_ceil(std::clamp(bytes, kBlockBytesMin, kBlockBytesMax));
  }
  // The same for a block that holds nothing else. It goes back to the system when it is given back.
  static constexpr std::size_t own_block_bytes(std::size_t bytes) {
    return (bytes + kBlockBytesMin - 1) / kBlockBytesMin * kBlockBytesMin;
  }

  // Of such a size. Its contents are not defined.
  char* take(std::size_t block_bytes) EXCLUDES(mutex_);
  void give(char* block, std::size_t block_bytes) EXCLUDES(mutex_);

  std::size_t bytes_in_use() const EXCLUDES(mutex_);
  std::size_t bytes_spare() const EXCLUDES(mutex_);  // free, and still with their memory

 private:
  static constexpr std::size_t kSizes = 9;  // from kBlockBytesMin to kBlockBytesMax
  struct Size {
    std::vector<char*> spare;   // with memory
    std::vector<char*> hollow;  // without
    char* next = nullptr;       // of the region that is being cut
    char* end = nullptr;
  };

  static bool is_pooled(std::size_t block_bytes) {
    return block_bytes <= kBlockBytesMax && std::has_single_bit(block_bytes);
  }
  Size& size_of(std::size_t block_bytes) REQUIRES(mutex_);
  char* cut(Size& size, std::size_t block_bytes) REQUIRES(mutex_);
  using Blocks = std::vector<std::pair<char*, std::size_t>>;  // each with its bytes
  Blocks take_surplus() REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::array<Size, kSizes> sizes_ GUARDED_BY(mutex_);
  std::vector<char*> regions_ GUARDED_BY(mutex_);
  std::size_t in_use_ GUARDED_BY(mutex_) = 0;
  std::size_t spare_ GUARDED_BY(mutex_) = 0;
};

}  // namespace hydrant::streams
