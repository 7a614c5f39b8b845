// What an HTTP/2 peer may do that costs it next to nothing and the server work or memory: resetting
// what it asked for, pings, settings, window updates, empty frames, endless headers. Each has a
// budget that fills up again with time; who overdraws one is told ENHANCE_YOUR_CALM. libnghttp2
// limits some of it in some versions; this holds in all.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "net/io.h"

namespace hydrant::net {

// A budget of acts. Not thread-safe.
class ActBudget {
 public:
  ActBudget(std::int64_t acts_max, std::int64_t acts_per_second)
      : acts_max_(acts_max), acts_per_second_(acts_per_second), acts_(acts_max) {}

  bool spend() { return --acts_ >= 0; }
  void earn(std::int64_t acts) { acts_ = std::min(acts_max_, acts_ + acts); }
  void refill(std::chrono::milliseconds passed) { earn(acts_per_second_ * passed.count() / 1'000); }

 private:
  const std::int64_t acts_max_;
  const std::int64_t acts_per_second_;
  std::int64_t acts_;
};

// Of one connection, on its thread. Where it answers false the connection is to be ended.
class Http2Limits {
 public:
  // A frame begins; the type is that of RFC 9113.
  bool take_frame(std::uint8_t type);
  // A DATA frame that brought nothing, not even the end.
  bool take_empty_data() { return empty_frames_.spend(); }
  // The peer broke the rules of one stream, which is reset for it.
  bool take_stream_error() { return resets_.spend(); }
  // Peers answer what they are sent by updates of its windows.
  void data_was_sent() { window_updates_.earn(kUpdatesPerDataFrame); }
  void pass_time(std::chrono::milliseconds passed);

 private:
  static constexpr int kUpdatesPerDataFrame = 16;  // some update for every kilobyte they read
  static constexpr int kContinuationsMax = 7;      // 128 KiB of header in frames of usual size

  ActBudget resets_{500, 100};
  ActBudget controls_{1'000, 100};
  ActBudget window_updates_{10'000, 1'000};
  ActBudget empty_frames_{200, 20};
  int continuations_ = 0;
};

}  // namespace hydrant::net
