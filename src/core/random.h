// Random: the seeded source of every id, every jitter and every choice.
#pragma once
#include <atomic>
#include <cstdint>
#include <string>

namespace hydrant {

// A counter run through SplitMix64's mixer: one atomic addition a number, so any thread may call it
// without a lock, and the same seed gives the same sequence to a single thread.
class Random {
 public:
  explicit Random(std::uint64_t seed) : seed_(seed), state_(seed) {}

  std::uint64_t next() { return mix(state_.fetch_add(kStep, std::memory_order_relaxed) + kStep); }
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }  // [0, 1)

  std::string uuid();      // version 4, lower case
  void uuid_to(char* to);  // 36 characters
  void bytes(void* to, std::size_t size);
  void restart() { state_.store(seed_, std::memory_order_relaxed); }

  static std::uint64_t seed_from_system();  // for a server that was given no seed

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ULL;
  const std::uint64_t seed_;
  std::atomic<std::uint64_t> state_;
};

}  // namespace hydrant
