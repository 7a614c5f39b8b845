#include "engine/streams/stream.h"

#include <algorithm>
#include <bit>
#include <mutex>

#include "engine/streams/consumer.h"

namespace hydrant::streams {

std::string_view status_name(Status status) {
  switch (status) {
    case Status::creating:
      return "CREATING";
    case Status::active:
      return "ACTIVE";
    case Status::updating:
      return "UPDATING";
    case Status::deleting:
      return "DELETING";
  }
  return "";
}

std::string StreamId::arn() const {
  const std::string partition = region.starts_with("cn-")       ? "aws-cn"
                                : region.starts_with("us-gov-") ? "aws-us-gov"
                                                                : "aws";
  return "arn:" + partition + ":kinesis:" + region + ":" + account + ":stream/" + name;
}

// The ring is cut into equal parts; what the division leaves over belongs to the last shard.
Stream::Stream(StreamId id, const StreamSettings& settings, std::int32_t shard_count,
               const StreamEnvironment& environment)
    : id_(std::move(id)),
      arn_(id_.arn()),
      environment_(environment),
      created_at_(environment.clock.now()),
      record_bytes_max_(std::int64_t{settings.record_size_max_kib} * 1024),
      settings_(settings) {
  const auto count = static_cast<HashKey::Value>(shard_count);
  // floor(2^128 / n), which is floor((2^128 - 1) / n) unless n divides 2^128.
  HashKey::Value width = HashKey::max().value() / count;
  if (HashKey::max().value() % count == count - 1) ++width;
  for (HashKey::Value i = 0; i < count; ++i) {
    const HashKey last = i + 1 == count ? HashKey::max() : HashKey((i + 1) * width - 1);
    open_shard({HashKey(i * width), last}, {}, epoch_seconds(created_at_));
  }
  rebuild_routes();
}

std::shared_ptr<Shard> Stream::open_shard(HashRange range, Shard::Lineage lineage,
                                          std::int64_t created_s) {
  auto shard = std::make_shared<Shard>(static_cast<std::int32_t>(shards_.size()), range, lineage,
                                       created_s, environment_.clock.now(), environment_.throttle,
                                       std::int64_t{settings_.record_size_max_kib} * 1024,
                                       environment_.memory, environment_.blocks);
  for (const auto parent : {lineage.parent, lineage.adjacent_parent}) {
    if (!parent) continue;
    auto& first = first_children_[static_cast<std::size_t>(*parent)];
    if (first == 0) first = shard->number();
  }
  first_children_.push_back(0);
  shards_.push_back(shard);
  return shard;
}

void Stream::rebuild_routes() {
  routes_.clear();
  for (const auto& shard : shards_)
    if (shard && shard->open()) routes_.push_back({shard->range().last, shard.get()});
  std::sort(routes_.begin(), routes_.end(),
            [](const Route& a, const Route& b) { return a.last < b.last; });
  buckets_.assign(std::bit_ceil(2 * routes_.size()) + 1, 0);
  std::uint32_t route = 0;
  const auto width = HashKey::max().value() / (buckets_.size() - 1) + 1;
  for (std::size_t bucket = 1; bucket + 1 < buckets_.size(); ++bucket) {
    while (routes_[route].last.value() < bucket * width) ++route;
    buckets_[bucket] = route;
  }
  buckets_.back() = static_cast<std::uint32_t>(routes_.size() - 1);
  recount(status());
}

void Stream::recount(Status status) {
  if (!total_) return;
  const bool on_demand = settings_.mode == Mode::on_demand;
  const Usage present{.creating = status == Status::creating ? 1 : 0,
                      .on_demand = on_demand ? 1 : 0,
                      .open_shards = on_demand ? 0 : std::ssize(routes_)};
  total_->change(counted_, present);
  counted_ = present;
}

void Stream::count_in(std::shared_ptr<UsageTotal> total) {
  std::unique_lock lock(topology_);
  if (total_) total_->change(counted_, {});
  total_ = std::move(total);
  counted_ = {};
  recount(status());
}

StreamSettings Stream::settings() const {
  std::shared_lock lock(topology_);
  return settings_;
}

TimePoint Stream::horizon(TimePoint now) const {
  std::shared_lock lock(topology_);
  return now - std::chrono::hours(settings_.retention_hours);
}

std::uint32_t Stream::bucket_of(HashKey key) const {
  constexpr int kKeyBits = 128;
  const int bits = std::countr_zero(buckets_.size() - 1);
  return static_cast<std::uint32_t>(key.value() >> (kKeyBits - bits));
}

std::uint32_t Stream::route_of(HashKey key) const {
  const auto bucket = bucket_of(key);
  const auto first = routes_.begin() + buckets_[bucket];
  const auto last = routes_.begin() + buckets_[bucket + 1];
  const auto route =
      std::lower_bound(first, last, key, [](const Route& r, HashKey k) { return r.last < k; });
  return static_cast<std::uint32_t>(route - routes_.begin());
}

// The shard, held, if somebody waits for news of it.
std::shared_ptr<Shard> Stream::awaited(Shard& shard) const {
  if (!shard.sleepers().any()) return nullptr;
  return shards_[static_cast<std::size_t>(shard.number())];
}

// Those who wait are woken behind all locks.
void Stream::append(std::span<const NewRecord> records, std::span<Placement> placements) {
  if (records.size() == 1) {
    if (const auto shard = append_one(records, placements)) shard->sleepers().wake();
  } else {
    for (const auto& shard : append_all(records, placements)) shard->sleepers().wake();
  }
  if (watch_.waiting()) notice_traffic();
}

void Stream::notice_traffic() {
  using State = TrafficWatch::State;
  if (watch_.change(State::waiting, State::armed)) on_traffic_();
}

std::shared_ptr<Shard> Stream::append_one(std::span<const NewRecord> record,
                                          std::span<Placement> placed) {
  constexpr std::uint32_t kOnly = 0;
  std::shared_lock lock(topology_);
  auto& shard = *routes_[route_of(record[0].hash)].shard;
  shard.append(record, {&kOnly, 1}, placed, environment_.clock.now(),
               settings_.kms_key_id.has_value());
  return awaited(shard);
}

// A counting sort by shard keeps the order of the request within each of them.
ShardList Stream::append_all(std::span<const NewRecord> records, std::span<Placement> placements) {
  ShardList awake;
  std::shared_lock lock(topology_);
  const auto now = environment_.clock.now();
  std::vector<std::uint32_t> route(records.size()), order(records.size());
  std::vector<std::uint32_t> start(routes_.size() + 1);
  for (std::size_t i = 0; i < records.size(); ++i) {
    route[i] = route_of(records[i].hash);
    ++start[route[i] + 1];
  }
  for (std::size_t r = 1; r < start.size(); ++r) start[r] += start[r - 1];
  auto fill = start;
  for (std::uint32_t i = 0; i < records.size(); ++i) order[fill[route[i]]++] = i;
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    if (start[r] == start[r + 1]) continue;
    auto& shard = *routes_[r].shard;
    shard.append(records, std::span(order).subspan(start[r], start[r + 1] - start[r]), placements,
                 now, settings_.kms_key_id.has_value());
    if (auto waited_for = awaited(shard)) awake.push_back(std::move(waited_for));
  }
  return awake;
}

std::int64_t Stream::newest_shard_s() const {
  std::shared_lock lock(topology_);
  const auto& newest = shards_.back();
  return newest ? newest->starting_number().created_s : epoch_seconds(created_at_);
}

ShardList Stream::shards() const {
  std::shared_lock lock(topology_);
  ShardList present;
  present.reserve(shards_.size());
  for (const auto& shard : shards_)
    if (shard) present.push_back(shard);
  return present;
}

ShardList Stream::open_shards() const {
  std::shared_lock lock(topology_);
  ShardList open;
  open.reserve(routes_.size());
  for (const auto& route : routes_)
    open.push_back(shards_[static_cast<std::size_t>(route.shard->number())]);
  return open;
}

std::shared_ptr<Shard> Stream::shard(std::int32_t number) const {
  std::shared_lock lock(topology_);
  if (number < 0 || static_cast<std::size_t>(number) >= shards_.size()) return nullptr;
  return shards_[static_cast<std::size_t>(number)];
}

ShardList Stream::children_of(std::int32_t number) const {
  constexpr std::size_t kChildrenMax = 2;  // of a split, which numbers them in a row
  ShardList children;
  std::shared_lock lock(topology_);
  if (number < 0 || static_cast<std::size_t>(number) >= shards_.size()) return children;
  const auto first = static_cast<std::size_t>(first_children_[static_cast<std::size_t>(number)]);
  if (first == 0) return children;
  for (std::size_t at = first; at < std::min(first + kChildrenMax, shards_.size()); ++at) {
    const auto& shard = shards_[at];
    if (!shard) continue;
    const auto& lineage = shard->lineage();
    if (lineage.parent == number || lineage.adjacent_parent == number) children.push_back(shard);
  }
  return children;
}

// A child may be resharded within its first second, before the time its own numbers begin at.
std::int64_t Stream::closing_second(const Shard& shard) const {
  return std::max(epoch_seconds(environment_.clock.now()), shard.starting_number().created_s);
}

void Stream::split_open(Shard& parent, HashKey upper_start) {
  const auto second = closing_second(parent);
  parent.close(second, environment_.clock.now());
  const Shard::Lineage lineage{parent.number(), std::nullopt};
  open_shard({parent.range().first, HashKey(upper_start.value() - 1)}, lineage, second + 1);
  open_shard({upper_start, parent.range().last}, lineage, second + 1);
}

void Stream::split(std::int32_t number, HashKey upper_start) {
  std::unique_lock lock(topology_);
  const auto parent = shards_[static_cast<std::size_t>(number)];
  // An on-demand stream that was made provisioned may just have split it by itself.
  if (!parent->open() || !parent->range().contains(upper_start)) return;
  split_open(*parent, upper_start);
  rebuild_routes();
  lock.unlock();
  parent->sleepers().wake();
}

void Stream::halve(std::span<const std::int32_t> numbers) {
  ShardList closed;
  std::unique_lock lock(topology_);
  for (const auto number : numbers) {
    const auto parent = shards_[static_cast<std::size_t>(number)];
    if (!parent || !parent->open()) continue;
    const auto half = middle(parent->range());
    if (!half) continue;
    split_open(*parent, *half);
    closed.push_back(parent);
  }
  rebuild_routes();
  lock.unlock();
  for (const auto& parent : closed) parent->sleepers().wake();
}

void Stream::merge_open(Shard& lower, Shard& upper) {
  const auto closing = std::max(closing_second(lower), closing_second(upper));
  lower.close(closing, environment_.clock.now());
  upper.close(closing, environment_.clock.now());
  open_shard({lower.range().first, upper.range().last}, {lower.number(), upper.number()},
             closing + 1);
}

void Stream::merge(std::int32_t lower, std::int32_t upper) {
  const Neighbours pair{lower, upper};
  merge_all({&pair, 1});
}

void Stream::merge_all(std::span<const Neighbours> pairs) {
  ShardList closed;
  std::unique_lock lock(topology_);
  for (const auto& pair : pairs) {
    const auto lower = shards_[static_cast<std::size_t>(pair.lower)];
    const auto upper = shards_[static_cast<std::size_t>(pair.upper)];
    if (!lower || !upper || !lower->open() || !upper->open()) continue;
    merge_open(*lower, *upper);
    closed.push_back(lower);
    closed.push_back(upper);
  }
  rebuild_routes();
  lock.unlock();
  for (const auto& parent : closed) parent->sleepers().wake();
}

std::variant<ConsumerPtr, ConsumerRefusal> Stream::add_consumer(const std::string& name,
                                                                const ConsumerLimits& limits) {
  auto added = std::make_shared<Consumer>(name, *this, environment_.clock.now());
  const auto is_creating = [](const auto& entry) {
    return entry.second->status() == ConsumerStatus::creating;
  };
  std::unique_lock lock(topology_);
  if (consumers_.contains(name)) return ConsumerRefusal::exists;
  if (consumers_.size() >= limits.consumers_max) return ConsumerRefusal::too_many;
  const auto creating = std::ranges::count_if(consumers_, is_creating);
  if (static_cast<std::size_t>(creating) >= limits.creating_max)
    return ConsumerRefusal::too_many_creating;
  consumers_.emplace(name, added);
  return added;
}

ConsumerPtr Stream::consumer(std::string_view name) const {
  std::shared_lock lock(topology_);
  const auto found = consumers_.find(name);
  return found == consumers_.end() ? nullptr : found->second;
}

std::vector<ConsumerPtr> Stream::consumers() const {
  std::shared_lock lock(topology_);
  std::vector<ConsumerPtr> all;
  for (const auto& [name, consumer] : consumers_) all.push_back(consumer);
  return all;
}

void Stream::remove_consumer(const ConsumerPtr& consumer) {
  std::unique_lock lock(topology_);
  const auto found = consumers_.find(consumer->name());
  if (found != consumers_.end() && found->second == consumer) consumers_.erase(found);
}

void Stream::change_settings(const std::function<void(StreamSettings&)>& change) {
  std::unique_lock lock(topology_);
  const auto before = settings_.record_size_max_kib;
  change(settings_);
  recount(status());
  if (settings_.record_size_max_kib == before) return;
  record_bytes_max_ = std::int64_t{settings_.record_size_max_kib} * 1024;
  const auto now = environment_.clock.now();
  for (const auto& shard : shards_)
    if (shard) shard->set_limits(environment_.throttle, record_bytes_max_, now);
}

void Stream::retire() {
  retired_ = true;
  for (const auto& shard : shards()) shard->sleepers().wake();
}

void Stream::set_status(Status status) {
  std::unique_lock lock(topology_);
  become(status);
}

bool Stream::change_status(Status from, Status to) {
  if (from == Status::creating) {
    std::unique_lock lock(topology_);
    if (status() != from) return false;
    become(to);
    return true;
  }
  if (!status_.compare_exchange_strong(from, to)) return false;
  if (to == Status::active) was_active_ = true;
  return true;
}

// The quotas know before anybody sees it.
void Stream::become(Status status) {
  if (status == Status::active) was_active_ = true;
  recount(status);
  status_ = status;
}

std::int64_t Stream::trim(TimePoint now) {
  const auto oldest = horizon(now);
  std::int64_t bytes = 0;
  for (const auto& shard : shards()) bytes += shard->trim_before(oldest);

  std::unique_lock lock(topology_);
  for (auto& shard : shards_) {
    if (!shard) continue;
    const auto closed_at = shard->closed_at();
    const bool aged_out = closed_at && *closed_at < oldest && !shard->oldest_arrival();
    if (aged_out) shard.reset();
  }
  return bytes;
}

std::optional<TimePoint> Stream::oldest_arrival() const {
  std::optional<TimePoint> oldest;
  for (const auto& shard : shards()) {
    auto candidate = shard->oldest_arrival();
    if (!candidate) candidate = shard->closed_at();
    if (candidate && (!oldest || *candidate < *oldest)) oldest = candidate;
  }
  return oldest;
}

}  // namespace hydrant::streams
