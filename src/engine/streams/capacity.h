// Capacity of an on-demand stream: it follows the traffic, by more shards and never by fewer.
#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "engine/streams/shard.h"

namespace hydrant::streams {

class Stream;

// Between two looks at a stream that has traffic.
inline constexpr std::chrono::minutes kTrafficPause{1};
// The service may throttle who more than doubles the load within this time.
inline constexpr std::chrono::minutes kGrowthPause{15};

// The most shards that traffic makes: 10 GiB/s in the large regions, 200 MiB/s in the others.
std::int32_t on_demand_shards_max(std::string_view region);

// Half of the range: the first key of the upper child. None for a range of a single key.
std::optional<HashKey> middle(const HashRange& range);

// Splits the widest shards, until there are so many or none can be split.
void grow_to(Stream& stream, std::int32_t shards);

// Looks at the traffic of one stream once a minute while there is any. `state` is anybody's, all
// else belongs to whoever has armed it, and then to the timer.
class TrafficWatch {
 public:
  enum class State : std::uint8_t { off, waiting, armed };  // waiting: for the next record

  bool change(State from, State to) { return state_.compare_exchange_strong(from, to); }
  bool waiting() const { return state_.load(std::memory_order_relaxed) == State::waiting; }

  using Shards = std::vector<std::shared_ptr<Shard>>;
  // What came in from here on counts.
  void begin(const Shards& shards, TimePoint now);
  // False if nothing came in. Finds the highest load there has been, in shards that it fills.
  bool look(const Shards& shards, TimePoint now, const ThrottleSettings& throttle);
  // The shards to split, those with the most traffic first, for twice the highest load.
  std::vector<std::int32_t> to_split(const Shards& open, std::int32_t shards_max, TimePoint now);

 private:
  struct Seen {
    std::uint64_t bytes = 0, records = 0;  // since the shard was opened
    double load = 0;                       // between the last two looks, in shards
  };
  std::atomic<State> state_{State::off};
  std::map<std::int32_t, Seen> seen_;
  TimePoint looked_;
  double peak_ = 0;
  std::optional<TimePoint> grown_;
};

}  // namespace hydrant::streams
