// BlockCache: the memory that large payloads leave behind, for those that come next. A page that is
// fresh costs the kernel more than what is copied into it.
#pragma once
#include <algorithm>
#include <cstddef>
#include <mutex>
#include <ranges>
#include <utility>
#include <vector>

#include "engine/delivery/payload.h"

namespace hydrant::delivery {

// Thread-safe.
class BlockCache {
 public:
  // Empty, with room for `bytes`; more if that is what was left behind.
  Payload take(std::size_t bytes) {
    if (bytes >= kBlockBytesMin) {
      std::lock_guard lock(mutex_);
      const auto fits = [bytes](const Payload& block) {
        return block.capacity() >= bytes && block.capacity() / 4 <= bytes;
      };
      const auto found = std::ranges::find_if(blocks_, fits);
      if (found != blocks_.end()) {
        Payload block = std::move(*found);
        blocks_.erase(found);
        bytes_ -= block.capacity();
        return block;
      }
    }
    Payload fresh;
    fresh.reserve(bytes);
    return fresh;
  }
  void give(Payload payload) {
    payload.clear();
    std::lock_guard lock(mutex_);
    const std::size_t capacity = payload.capacity();
    if (capacity < kBlockBytesMin || bytes_ + capacity > kBytesMax) return;
    bytes_ += capacity;
    blocks_.push_back(std::move(payload));
  }

 private:
  static constexpr std::size_t kBlockBytesMin = 256 * 1024;
  static constexpr std::size_t kBytesMax = 32 * 1024 * 1024;

  std::mutex mutex_;
  std::vector<Payload> blocks_;
  std::size_t bytes_ = 0;  // of all
};

}  // namespace hydrant::delivery
