#include "engine/streams/registry.h"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <mutex>

#include "engine/streams/consumer.h"

namespace hydrant::streams {
namespace {

// Between two looks at what has aged out; a timer of its own for every record would be too many.
constexpr std::chrono::minutes kTrimPause{1};
// What is freed at a time by trimming early, so that not every request has to.
constexpr std::int64_t kTrimEarlyMin = kMiB / 16;
constexpr std::int64_t kTrimEarlyShare = 256;  // of all that may be held

// From here on no other reshard can begin. A shard that one has closed since the caller looked at
// it must not be closed again, or the ring would be covered twice.
bool begin_reshard(Stream& stream, std::initializer_list<std::int32_t> shards) {
  if (!stream.change_status(Status::active, Status::updating)) return false;
  const auto is_open = [&stream](std::int32_t number) {
    const auto shard = stream.shard(number);
    return shard && shard->open();
  };
  if (std::ranges::all_of(shards, is_open)) return true;
  stream.change_status(Status::updating, Status::active);
  return false;
}

void split_all(Stream& stream) {
  std::vector<std::int32_t> numbers;
  for (const auto& shard : stream.open_shards()) numbers.push_back(shard->number());
  stream.halve(numbers);
}

void merge_pairs(Stream& stream, std::int32_t count) {
  const auto open = stream.open_shards();
  std::vector<Neighbours> pairs;
  for (std::size_t i = 0; count > 0 && i + 1 < open.size(); i += 2, --count)
    pairs.push_back({open[i]->number(), open[i + 1]->number()});
  stream.merge_all(pairs);
}

}  // namespace

Registry::Registry(StreamEnvironment environment, Delays delays, WhenFull when_full)
    : environment_(environment), delays_(delays), when_full_(when_full) {}

Registry::~Registry() = default;

// The change is carried out unless the stream, or all streams, have been forgotten meanwhile.
void Registry::after(Duration delay, const std::shared_ptr<Stream>& stream,
                     std::function<void(Stream&)> change) {
  if (delay <= Duration::zero()) {
    change(*stream);
    return;
  }
  std::weak_ptr<char> epoch;
  {
    std::shared_lock lock(mutex_);
    epoch = epoch_;
  }
  environment_.clock.at(environment_.clock.now() + delay,
                        [epoch, weak = std::weak_ptr(stream), change = std::move(change)] {
                          const auto alive = epoch.lock();
                          const auto target = weak.lock();
                          if (alive && target) change(*target);
                        });
}

std::shared_ptr<Stream> Registry::insert(StreamId id, const StreamSettings& settings,
                                         std::int32_t shards) {
  auto stream = std::make_shared<Stream>(id, settings, shards, environment_);
  stream->on_traffic([this, weak = std::weak_ptr(stream)] {
    if (const auto busy = weak.lock()) arm_watch(busy, true);
  });
  await_traffic(*stream);
  std::unique_lock lock(mutex_);
  auto& total = usage_[{id.account, id.region}];
  if (!total) total = std::make_shared<UsageTotal>();
  if (!streams_.emplace(std::move(id), stream).second) return nullptr;
  stream->count_in(total);
  return stream;
}

std::shared_ptr<Stream> Registry::create(StreamId id, const StreamSettings& settings,
                                         std::int32_t shards) {
  const auto stream = insert(std::move(id), settings, shards);
  if (!stream) return nullptr;
  after(delays_.create, stream,
        [](Stream& created) { created.change_status(Status::creating, Status::active); });
  arm_trim(stream);
  return stream;
}

std::shared_ptr<Stream> Registry::create_active(StreamId id, const StreamSettings& settings,
                                                std::int32_t shards) {
  const auto stream = insert(std::move(id), settings, shards);
  if (!stream) return nullptr;
  stream->set_status(Status::active);
  arm_trim(stream);
  return stream;
}

// One timer a stream in force, set for the moment at which its oldest record ages out.
void Registry::arm_trim(const std::shared_ptr<Stream>& stream) {
  const auto now = environment_.clock.now();
  const auto retention = std::chrono::hours(stream->settings().retention_hours);
  const auto oldest = stream->oldest_arrival();
  const Duration due = oldest ? *oldest + retention - now : Duration(retention);
  after(std::max<Duration>(due, kTrimPause), stream,
        [this, round = stream->begin_trim_round(), weak = std::weak_ptr(stream)](Stream& s) {
          if (s.trim_round() != round) return;
          s.trim(environment_.clock.now());
          if (const auto target = weak.lock()) arm_trim(target);
        });
}

std::shared_ptr<Stream> Registry::find(const StreamIdView& id) const {
  std::shared_lock lock(mutex_);
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<Stream>> Registry::list(const std::string& account,
                                                    const std::string& region,
                                                    const std::string& after,
                                                    std::size_t streams_max) const {
  std::shared_lock lock(mutex_);
  std::vector<std::shared_ptr<Stream>> found;
  for (auto at = streams_.upper_bound(StreamIdView(account, region, after));
       at != streams_.end() && found.size() < streams_max && at->first.account == account &&
       at->first.region == region;
       ++at)
    found.push_back(at->second);
  return found;
}

std::vector<std::shared_ptr<Stream>> Registry::all() const {
  std::shared_lock lock(mutex_);
  std::vector<std::shared_ptr<Stream>> found;
  for (const auto& [id, stream] : streams_) found.push_back(stream);
  return found;
}

Usage Registry::usage(const std::string& account, const std::string& region) const {
  std::shared_lock lock(mutex_);
  const auto found = usage_.find({account, region});
  return found == usage_.end() ? Usage{} : found->second->now();
}

bool Registry::split(const std::shared_ptr<Stream>& stream, std::int32_t number,
                     HashKey upper_start) {
  if (!begin_reshard(*stream, {number})) return false;
  after(delays_.reshard, stream, [number, upper_start](Stream& target) {
    target.split(number, upper_start);
    target.change_status(Status::updating, Status::active);
  });
  return true;
}

bool Registry::merge(const std::shared_ptr<Stream>& stream, std::int32_t lower,
                     std::int32_t upper) {
  if (!begin_reshard(*stream, {lower, upper})) return false;
  after(delays_.reshard, stream, [lower, upper](Stream& target) {
    target.merge(lower, upper);
    target.change_status(Status::updating, Status::active);
  });
  return true;
}

// Up: every shard is split, then as many neighbours are merged as there are too many. Down: only
// merges. The totals of open and closed shards that this leaves are those seen on the service.
bool Registry::update_shard_count(const std::shared_ptr<Stream>& stream, std::int32_t target) {
  if (!begin_reshard(*stream, {})) return false;
  const auto open = static_cast<std::int32_t>(stream->open_shards().size());
  if (target == open) return stream->change_status(Status::updating, Status::active);
  const auto finish = [](Stream& done, std::int32_t pairs) {
    merge_pairs(done, pairs);
    done.change_status(Status::updating, Status::active);
  };
  if (target < open) {
    after(delays_.reshard, stream, [=](Stream& s) { finish(s, open - target); });
    return true;
  }
  const auto surplus = 2 * open - target;
  after(delays_.reshard, stream, [=, this](Stream& s) {
    split_all(s);
    if (surplus == 0) return finish(s, 0);
    if (const auto again = find(s.id()); again.get() == &s)
      after(delays_.reshard, again, [=](Stream& t) { finish(t, surplus); });
  });
  return true;
}

bool Registry::update(const std::shared_ptr<Stream>& stream, std::function<void(Stream&)> change) {
  if (!stream->change_status(Status::active, Status::updating)) return false;
  after(delays_.update, stream, [change = std::move(change)](Stream& target) {
    change(target);
    target.change_status(Status::updating, Status::active);
  });
  return true;
}

bool Registry::set_retention(const std::shared_ptr<Stream>& stream, std::int32_t hours) {
  return update(stream, [this, hours, weak = std::weak_ptr(stream)](Stream& target) {
    // What has aged out by the old period must not come back by a longer one.
    target.trim(environment_.clock.now());
    target.change_settings([hours](StreamSettings& settings) { settings.retention_hours = hours; });
    target.trim(environment_.clock.now());
    if (const auto alive = weak.lock()) arm_trim(alive);
  });
}

bool Registry::set_mode(const std::shared_ptr<Stream>& stream, Mode mode, std::int32_t warm_mibps) {
  return update(stream, [this, mode, warm_mibps](Stream& target) {
    target.change_settings([=](StreamSettings& settings) {
      settings.mode = mode;
      settings.warm_throughput_mibps = warm_mibps;
    });
    if (mode == Mode::on_demand) grow_to(target, warm_mibps);
    await_traffic(target);
  });
}

// Where nothing is limited nobody needs more shards.
void Registry::await_traffic(Stream& stream) {
  using State = TrafficWatch::State;
  if (stream.settings().mode == Mode::on_demand && environment_.throttle.enabled)
    stream.watch().change(State::off, State::waiting);
}

// The timer lives as long as there is traffic, so that idle streams cost nothing.
void Registry::arm_watch(const std::shared_ptr<Stream>& stream, bool begin) {
  if (begin) stream->watch().begin(stream->shards(), environment_.clock.now());
  after(kTrafficPause, stream, [this, weak = std::weak_ptr(stream)](Stream& target) {
    const bool goes_on = watch_traffic(target);
    const auto alive = weak.lock();
    if (goes_on && alive) return arm_watch(alive, false);
    target.watch().change(TrafficWatch::State::armed, TrafficWatch::State::off);
    await_traffic(target);
  });
}

// The stream stays ACTIVE while it grows. False: there is nothing to watch any more.
bool Registry::watch_traffic(Stream& stream) {
  const auto now = environment_.clock.now();
  if (stream.settings().mode != Mode::on_demand) return false;
  auto& watch = stream.watch();
  if (!watch.look(stream.shards(), now, environment_.throttle)) return false;
  const auto split =
      watch.to_split(stream.open_shards(), on_demand_shards_max(stream.id().region), now);
  if (!split.empty()) stream.halve(split);
  return true;
}

std::variant<ConsumerPtr, ConsumerRefusal> Registry::register_consumer(
    const std::shared_ptr<Stream>& stream, const std::string& name, const ConsumerLimits& limits) {
  auto outcome = stream->add_consumer(name, limits);
  if (const auto* added = std::get_if<ConsumerPtr>(&outcome))
    after(delays_.consumer, stream, [consumer = *added](Stream&) {
      consumer->change_status(ConsumerStatus::creating, ConsumerStatus::active);
    });
  return outcome;
}

void Registry::deregister_consumer(const std::shared_ptr<Stream>& stream,
                                   const ConsumerPtr& consumer) {
  if (!consumer->begin_deletion()) return;
  consumer->subscriptions().end_all(SubscriptionEnd::consumer_gone);
  after(delays_.consumer, stream, [consumer](Stream& target) { target.remove_consumer(consumer); });
}

void Registry::remove(const std::shared_ptr<Stream>& stream) {
  stream->set_status(Status::deleting);
  for (const auto& consumer : stream->consumers()) consumer->begin_deletion();
  after(delays_.remove, stream, [this](Stream& target) { forget(target); });
}

void Registry::forget(const Stream& stream) {
  std::shared_ptr<Stream> last;  // its records are released without the lock
  std::unique_lock lock(mutex_);
  const auto found = streams_.find(stream.id());
  if (found == streams_.end() || found->second.get() != &stream) return;
  last = std::move(found->second);
  streams_.erase(found);
  last->count_in(nullptr);
  lock.unlock();
  last->retire();
}

void Registry::clear() {
  decltype(streams_) forgotten;
  std::unique_lock lock(mutex_);
  forgotten.swap(streams_);
  usage_.clear();
  epoch_ = std::make_shared<char>();
  lock.unlock();
  for (const auto& [id, stream] : forgotten) stream->retire();
}

bool Registry::make_room(std::int64_t bytes) {
  while (!environment_.memory.has_room(bytes))
    if (!free_some(bytes)) return false;
  return true;
}

bool Registry::reserve(std::int64_t bytes) {
  while (!environment_.memory.try_reserve(bytes))
    if (!free_some(bytes)) return false;
  return true;
}

bool Registry::free_some(std::int64_t bytes) {
  if (when_full_ == WhenFull::refuse || bytes > environment_.memory.bytes_max()) return false;
  const auto share = environment_.memory.bytes_max() / kTrimEarlyShare;
  return early_trim_.trim(std::max({bytes, kTrimEarlyMin, share}), environment_.clock.now(),
                          [this] { return all_shards(); }) > 0;
}

ShardList Registry::all_shards() const {
  ShardList shards;
  for (const auto& stream : all()) {
    const auto some = stream->shards();
    shards.insert(shards.end(), some.begin(), some.end());
  }
  return shards;
}

}  // namespace hydrant::streams
