// Subscription: one consumer's place in one shard, pushed forward as records come. The service
// keeps it for five minutes, gives each its own 2 MiB/s, and lets a later one take it over.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <variant>

#include "core/clock.h"
#include "core/mutex.h"
#include "engine/streams/shard.h"
#include "engine/streams/stream.h"
#include "engine/streams/token_bucket.h"
#include "engine/streams/wake_list.h"

namespace hydrant::streams {

inline constexpr std::chrono::seconds kSubscriptionLife{300};
inline constexpr std::chrono::seconds kHeartbeatPause{5};
inline constexpr std::int64_t kEventBytesMax = kMiB;  // of data in one event

enum class SubscriptionEnd {
  none,
  shard_end,  // the shard is closed and all of it has been delivered
  expired,
  taken_over,     // by a later subscription of the same consumer and shard
  stream_gone,    // deleted, or forgotten in a reset
  consumer_gone,  // deregistered
};

// What a subscriber is given. Without records it is a heartbeat.
struct Event {
  Read read;
  SequenceNumber continuation;  // to go on behind, in a later subscription
};
struct NothingYet {};  // until the next wake

// next() belongs to one thread at a time; all else is thread-safe. Lives in a shared_ptr. Life and
// take-over go by the service clock, heartbeats and pacing by the real one: the one is what a test
// waits for, the other what a client's socket sees.
class Subscription final : public Sleeper, public std::enable_shared_from_this<Subscription> {
 public:
  // `position` as Shard::read takes it.
  Subscription(std::shared_ptr<Stream> stream, std::shared_ptr<Shard> shard,
               std::uint64_t position);
  ~Subscription() override;

  // Call once, before next(). `wake` may be called from any thread.
  void start(std::function<void()> wake);
  // The first event comes at once, with or without records; others as there are records, and one
  // without at least every five seconds.
  std::variant<Event, NothingYet, SubscriptionEnd> next();

  void end(SubscriptionEnd why);  // the first reason stays
  void wake() override;

  const Stream& stream() const { return *stream_; }
  const Shard& shard() const { return *shard_; }

 private:
  // At most one timer of a kind is armed, so that a busy subscription arms few.
  struct Alarm {
    Clock::TimerId id = 0;
    std::atomic<bool> armed{false};
  };
  void set_alarm(Clock& clock, Alarm& alarm, TimePoint when);
  SubscriptionEnd end_now(TimePoint now);
  Event event_of(Read read);

  const std::shared_ptr<Stream> stream_;
  const std::shared_ptr<Shard> shard_;
  Clock& service_clock_;
  Clock& wire_clock_;
  const TimePoint expires_;
  std::atomic<SubscriptionEnd> end_{SubscriptionEnd::none};
  Alarm expiry_, heartbeat_, pace_;

  // Of next() alone.
  std::uint64_t position_;
  SequenceNumber continuation_;
  std::optional<TokenBucket> bytes_;  // none: not limited
  std::optional<TimePoint> last_event_;

  Mutex mutex_;
  std::function<void()> wake_ GUARDED_BY(mutex_);
};

// The subscriptions of one consumer: at most one to a shard. Thread-safe.
class SubscriptionTable {
 public:
  enum class Verdict {
    granted,
    held,       // by one that was granted less than five seconds ago
    too_often,  // more than one call a second, counting those that were refused
  };
  explicit SubscriptionTable(const ThrottleSettings& throttle) : throttle_(throttle) {}

  // Granted: an older one of that shard has ended as taken over.
  Verdict enter(const std::shared_ptr<Subscription>& subscription, TimePoint now);
  void end_all(SubscriptionEnd why);
  std::size_t active() const;  // those whose client is still there

 private:
  struct Place {
    std::weak_ptr<Subscription> holder;
    std::optional<TimePoint> granted;
    TimePoint last_call;
  };
  const ThrottleSettings throttle_;
  mutable Mutex mutex_;
  std::map<std::int32_t, Place> places_ GUARDED_BY(mutex_);  // by the number of the shard
};

}  // namespace hydrant::streams
