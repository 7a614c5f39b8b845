#include "engine/streams/capacity.h"

#include <algorithm>
#include <cmath>

#include "engine/streams/stream.h"

namespace hydrant::streams {

std::int32_t on_demand_shards_max(std::string_view region) {
  const bool large = region == "us-east-1" || region == "us-west-2" || region == "eu-west-1";
  return large ? 10'240 : 200;
}

std::optional<HashKey> middle(const HashRange& range) {
  const auto width = range.last.value() - range.first.value();  // one less than the number of keys
  if (width == 0) return std::nullopt;
  return HashKey(range.first.value() + width / 2 + (width & 1));
}

void grow_to(Stream& stream, std::int32_t shards) {
  const auto width = [](const std::shared_ptr<Shard>& shard) {
    return shard->range().last.value() - shard->range().first.value();
  };
  const auto wanted = static_cast<std::size_t>(std::max(shards, 0));
  for (std::size_t before = 0;;) {
    auto open = stream.open_shards();
    if (open.size() >= wanted || open.size() == before) return;
    before = open.size();
    std::ranges::stable_sort(open, std::ranges::greater{}, width);
    open.resize(std::min(open.size(), wanted - open.size()));
    std::vector<std::int32_t> numbers;
    for (const auto& shard : open) numbers.push_back(shard->number());
    stream.halve(numbers);
  }
}

void TrafficWatch::begin(const Shards& shards, TimePoint now) {
  looked_ = now;
  seen_.clear();
  for (const auto& shard : shards) {
    const auto counters = shard->counters(now);
    seen_[shard->number()] = {counters.bytes_in, counters.records_in};
  }
}

bool TrafficWatch::look(const Shards& shards, TimePoint now, const ThrottleSettings& throttle) {
  const double seconds = std::max(1.0, static_cast<double>((now - looked_).count()) / 1e6);
  double bytes_load = 0, records_load = 0;
  looked_ = now;
  std::map<std::int32_t, Seen> seen;  // shards that have aged out are forgotten
  for (const auto& shard : shards) {
    const auto before = seen_[shard->number()];
    const auto counters = shard->counters(now);
    const double bytes = static_cast<double>(counters.bytes_in - before.bytes) / seconds /
                         (kWriteBytesPerSecond * throttle.scale);
    const double records = static_cast<double>(counters.records_in - before.records) / seconds /
                           (kWriteRecordsPerSecond * throttle.scale);
    bytes_load += bytes;
    records_load += records;
    seen[shard->number()] = {counters.bytes_in, counters.records_in, std::max(bytes, records)};
  }
  seen_ = std::move(seen);
  peak_ = std::max({peak_, bytes_load, records_load});
  return records_load > 0;
}

std::vector<std::int32_t> TrafficWatch::to_split(const Shards& open, std::int32_t shards_max,
                                                 TimePoint now) {
  // Rounding must not make a shard of a load that is a hair above a whole number.
  constexpr double kHair = 0.01;
  const auto wanted = std::min<double>(std::ceil(2 * peak_ - kHair), shards_max);
  const auto missing = wanted - static_cast<double>(open.size());
  if (missing < 1 || (grown_ && now - *grown_ < kGrowthPause)) return {};
  grown_ = now;
  std::vector<std::int32_t> numbers;
  for (const auto& shard : open) numbers.push_back(shard->number());
  std::ranges::stable_sort(numbers, std::ranges::greater{},
                           [this](std::int32_t number) { return seen_[number].load; });
  numbers.resize(std::min(numbers.size(), static_cast<std::size_t>(missing)));
  return numbers;
}

}  // namespace hydrant::streams
