// Spares: the memory of bodies that are done with, for those that come next. Fresh pages cost more
// than what is copied into them, and the buffer that was used last is the one still in the cache.
#pragma once
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace hydrant::net {

// Buffer: movable, with capacity() and clear(). Of one thread.
template <class Buffer>
class Spares {
 public:
  // Empty; with memory, if there is a spare.
  Buffer take() {
    if (spares_.empty()) return {};
    Buffer spare = std::move(spares_.back());
    spares_.pop_back();
    unused_ = std::min(unused_, spares_.size());
    return spare;
  }
  void give(Buffer&& used) {
    Buffer spare = std::move(used);
    if (spare.capacity() < kWorthKeeping || spare.capacity() > kKeptBytesMax ||
        spares_.size() >= kKeptMax)
      return;
    spare.clear();
    spares_.push_back(std::move(spare));
  }
  // Called now and then: drops those that nobody has taken since the last call.
  void sweep() {
    spares_.erase(spares_.begin(), spares_.begin() + static_cast<std::ptrdiff_t>(unused_));
    unused_ = spares_.size();
  }
  std::size_t size() const { return spares_.size(); }

 private:
  static constexpr std::size_t kWorthKeeping = 4 * 1024;
  static constexpr std::size_t kKeptBytesMax = 16 * 1024 * 1024;
  static constexpr std::size_t kKeptMax = 16;

  std::vector<Buffer> spares_;  // the last one is the next to be taken
  std::size_t unused_ = 0;      // so many at the front have not been touched
};

}  // namespace hydrant::net
