// MemoryBudget: how many bytes of records the server may hold. Streams and delivery streams share
// it.
#pragma once
#include <atomic>
#include <cstdint>

namespace hydrant {

// Thread-safe. What may be dropped to make room is for the owner of the records to say.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::int64_t bytes_max) : bytes_max_(bytes_max) {}

  // False, and nothing reserved, if the bytes do not fit.
  bool try_reserve(std::int64_t bytes) {
    if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= bytes_max_) return true;
    used_.fetch_sub(bytes, std::memory_order_relaxed);
    return false;
  }
  // Of memory that is in use already; the next that ask find it full.
  void take(std::int64_t bytes) { used_.fetch_add(bytes, std::memory_order_relaxed); }
  bool has_room(std::int64_t bytes) const { return used() + bytes <= bytes_max_; }
  void release(std::int64_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

  std::int64_t used() const { return used_.load(std::memory_order_relaxed); }
  std::int64_t bytes_max() const { return bytes_max_; }

 private:
  const std::int64_t bytes_max_;
  std::atomic<std::int64_t> used_{0};
};

}  // namespace hydrant
