#include "engine/streams/block_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <new>

namespace hydrant::streams {
namespace {

constexpr std::size_t kRegionBytes = 2 * 1024 * 1024;  // of a huge page
// Below it a record more should not cost two megabytes more.
constexpr std::size_t kHugePagesFrom = 128 * 1024 * 1024;
constexpr std::size_t kSpareBytesMin = 2 * 1024 * 1024;
constexpr std::size_t kSpareBytesMax = 32 * 1024 * 1024;
constexpr std::size_t kSpareShare = 16;  // of what is in use

char* map(std::size_t bytes) {
  void* const at =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) throw std::bad_alloc();
  return static_cast<char*>(at);
}

// Begins at a multiple of its size: only then the system can make it one page.
char* map_region() {
  char* const start = map(2 * kRegionBytes);
  const auto address = reinterpret_cast<std::uintptr_t>(start);
  const std::size_t before = (kRegionBytes - address % kRegionBytes) % kRegionBytes;
  char* const region = start + before;
  if (before > 0) ::munmap(start, before);
  ::munmap(region + kRegionBytes, kRegionBytes - before);
  return region;
}

}  // namespace

BlockPool::~BlockPool() {
  MutexLock lock(mutex_);
  for (char* region : regions_) ::munmap(region, kRegionBytes);
}

BlockPool::Size& BlockPool::size_of(std::size_t block_bytes) {
  const auto index = std::countr_zero(block_bytes) - std::countr_zero(kBlockBytesMin);
  return sizes_[static_cast<std::size_t>(index)];
}

char* BlockPool::take(std::size_t block_bytes) {
  MutexLock lock(mutex_);
  char* block = nullptr;
  if (!is_pooled(block_bytes)) {
    block = map(block_bytes);
  } else if (Size& size = size_of(block_bytes); !size.spare.empty()) {
    block = size.spare.back();
    size.spare.pop_back();
    spare_ -= block_bytes;
  } else if (!size.hollow.empty()) {
    block = size.hollow.back();
    size.hollow.pop_back();
  } else {
    block = cut(size, block_bytes);
  }
  in_use_ += block_bytes;
  return block;
}

char* BlockPool::cut(Size& size, std::size_t block_bytes) {
  if (size.next == size.end) {
    regions_.reserve(regions_.size() + 1);
    size.next = map_region();
    size.end = size.next + kRegionBytes;
    regions_.push_back(size.next);
    // Refused where huge pages are switched off, which is as good.
    if (in_use_ >= kHugePagesFrom) ::madvise(size.next, kRegionBytes, MADV_HUGEPAGE);
  }
  char* const block = size.next;
  size.next += block_bytes;
  return block;
}

// The system's calls are made behind the lock: each may take as long as filling a block.
void BlockPool::give(char* block, std::size_t block_bytes) {
  Blocks surplus;
  {
    MutexLock lock(mutex_);
    in_use_ -= block_bytes;
    if (is_pooled(block_bytes)) {
      size_of(block_bytes).spare.push_back(block);
      spare_ += block_bytes;
    }
    surplus = take_surplus();
  }
  if (!is_pooled(block_bytes)) ::munmap(block, block_bytes);
  if (surplus.empty()) return;
  for (const auto& [at, bytes] : surplus) ::madvise(at, bytes, MADV_DONTNEED);
  MutexLock lock(mutex_);
  for (const auto& [at, bytes] : surplus) size_of(bytes).hollow.push_back(at);
}

BlockPool::Blocks BlockPool::take_surplus() {
  Blocks surplus;
  const auto kept = std::clamp(in_use_ / kSpareShare, kSpareBytesMin, kSpareBytesMax);
  std::size_t bytes = kBlockBytesMax;
  for (auto size = sizes_.rbegin(); size != sizes_.rend(); ++size, bytes /= 2) {
    for (; spare_ > kept && !size->spare.empty(); size->spare.pop_back(), spare_ -= bytes)
      surplus.emplace_back(size->spare.back(), bytes);
  }
  return surplus;
}

std::size_t BlockPool::bytes_in_use() const {
  MutexLock lock(mutex_);
  return in_use_;
}

std::size_t BlockPool::bytes_spare() const {
  MutexLock lock(mutex_);
  return spare_;
}

}  // namespace hydrant::streams
