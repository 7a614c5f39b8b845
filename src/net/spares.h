// Spares: the memory of what is done with, for what comes next. Fresh pages cost more
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
  Spares() = default;
  explicit Spares(std::size_t bytes_min) : bytes_min_(bytes_min) {}

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
    if (!keeps(spare) || spares_.size() >= kKeptMax) return;
    spare.clear();
    spares_.push_back(std::move(spare));
  }
  // Whether it is of a size that is worth keeping.
  bool keeps(const Buffer& used) const {
    return used.capacity() >= bytes_min_ && used.capacity() <= kKeptBytesMax;
  }
  // Called now and then: drops those that nobody has taken since the last call.
  void sweep() {
    spares_.erase(spares_.begin(), spares_.begin() + static_cast<std::ptrdiff_t>(unused_));
    unused_ = spares_.size();
  }
  std::size_t size() const { return spares_.size(); }

 private:
  static constexpr std::size_t kKeptBytesMax = 16 * 1024 * 1024;
  static constexpr std::size_t kKeptMax = 16;

  const std::size_t bytes_min_ = 4 * 1024;
  std::vector<Buffer> spares_;  // the last one is the next to be taken
  std::size_t unused_ = 0;      // so many at the front have not been touched
};

}  // namespace hydrant::net
