#include "engine/streams/subscription.h"

#include <vector>

namespace hydrant::streams {
namespace {

constexpr std::chrono::seconds kTakeOverAfter{5};
constexpr std::chrono::seconds kCallPause{1};

std::optional<TokenBucket> pacing_of(const ThrottleSettings& throttle, TimePoint now) {
  if (!throttle.enabled) return std::nullopt;
  const double rate = kReadBytesPerSecond * throttle.scale;
  return TokenBucket(rate, rate * throttle.burst_seconds, now);
}

// The number of the record before `position`: a client may go on behind it. One is made up if that
// record is not held any more.
SequenceNumber number_before(const Shard& shard, std::uint64_t position, TimePoint now) {
  auto number = shard.starting_number();
  if (position <= 1) return number;
  if (const auto held = shard.number_of(position - 1)) return *held;
  number.index = position - 1;
  number.time_s = std::max(number.time_s, epoch_seconds(now));
  return number;
}

}  // namespace

Subscription::Subscription(std::shared_ptr<Stream> stream, std::shared_ptr<Shard> shard,
                           std::uint64_t position)
    : stream_(std::move(stream)),
      shard_(std::move(shard)),
      service_clock_(stream_->environment().clock),
      wire_clock_(stream_->environment().wire()),
      expires_(service_clock_.now() + kSubscriptionLife),
      position_(position),
      continuation_(number_before(*shard_, position, service_clock_.now())),
      bytes_(pacing_of(stream_->environment().throttle, wire_clock_.now())) {}

Subscription::~Subscription() {
  if (expiry_.armed) service_clock_.cancel(expiry_.id);
  if (heartbeat_.armed) wire_clock_.cancel(heartbeat_.id);
  if (pace_.armed) wire_clock_.cancel(pace_.id);
}

void Subscription::start(std::function<void()> wake) {
  {
    MutexLock lock(mutex_);
    wake_ = std::move(wake);
  }
  shard_->sleepers().add(weak_from_this());
  set_alarm(service_clock_, expiry_, expires_);
}

void Subscription::wake() {
  std::function<void()> wake;
  {
    MutexLock lock(mutex_);
    wake = wake_;
  }
  if (wake) wake();
}

void Subscription::end(SubscriptionEnd why) {
  auto none = SubscriptionEnd::none;
  if (end_.compare_exchange_strong(none, why)) wake();
}

void Subscription::set_alarm(Clock& clock, Alarm& alarm, TimePoint when) {
  if (alarm.armed.exchange(true)) return;
  alarm.id = clock.at(when, [weak = weak_from_this(), &alarm] {
    const auto self = weak.lock();
    if (!self) return;
    alarm.armed = false;
    self->wake();
  });
}

SubscriptionEnd Subscription::end_now(TimePoint now) {
  if (stream_->retired()) end(SubscriptionEnd::stream_gone);
  if (now >= expires_) end(SubscriptionEnd::expired);
  return end_;
}

std::variant<Event, NothingYet, SubscriptionEnd> Subscription::next() {
  const auto now = service_clock_.now();
  if (const auto why = end_now(now); why != SubscriptionEnd::none) return why;
  const auto wire_now = wire_clock_.now();
  if (bytes_) {
    bytes_->refill(wire_now);
    if (bytes_->level() <= 0) {
      set_alarm(wire_clock_, pace_, wire_now + bytes_->time_until_positive());
      return NothingYet{};
    }
  }
  ReadLimits limits;
  limits.bytes_max = kEventBytesMax;
  limits.metered = false;
  auto read = std::get<Read>(shard_->read(position_, limits, now, stream_->horizon(now)));
  const bool due = !last_event_ || wire_now - *last_event_ >= kHeartbeatPause;
  if (read.records.empty() && !read.at_end && !due) {
    set_alarm(wire_clock_, heartbeat_, *last_event_ + kHeartbeatPause);
    return NothingYet{};
  }
  last_event_ = wire_now;
  return event_of(std::move(read));
}

Event Subscription::event_of(Read read) {
  position_ = read.next;
  if (!read.records.empty()) continuation_ = read.records.back().number;
  if (bytes_) {
    for (const auto& record : read.records)
      bytes_->take(static_cast<double>(record.data.size() + record.partition_key.size()));
  }
  if (read.at_end) end(SubscriptionEnd::shard_end);
  return {std::move(read), continuation_};
}

SubscriptionTable::Verdict SubscriptionTable::enter(
    const std::shared_ptr<Subscription>& subscription, TimePoint now) {
  std::shared_ptr<Subscription> former;
  {
    MutexLock lock(mutex_);
    auto [found, first] = places_.try_emplace(subscription->shard().number());
    auto& place = found->second;
    const bool too_often =
        !first && throttle_.enabled && now - place.last_call < kCallPause / throttle_.scale;
    place.last_call = now;
    if (place.granted && now - *place.granted < kTakeOverAfter) return Verdict::held;
    if (too_often) return Verdict::too_often;
    former = place.holder.lock();
    place.holder = subscription;
    place.granted = now;
  }
  if (former) former->end(SubscriptionEnd::taken_over);
  return Verdict::granted;
}

void SubscriptionTable::end_all(SubscriptionEnd why) {
  std::vector<std::shared_ptr<Subscription>> ended;
  {
    MutexLock lock(mutex_);
    for (const auto& [shard, place] : places_)
      if (auto holder = place.holder.lock()) ended.push_back(std::move(holder));
  }
  for (const auto& subscription : ended) subscription->end(why);
}

std::size_t SubscriptionTable::active() const {
  MutexLock lock(mutex_);
  std::size_t count = 0;
  for (const auto& [shard, place] : places_)
    if (!place.holder.expired()) ++count;
  return count;
}

}  // namespace hydrant::streams
