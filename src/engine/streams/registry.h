// Registry: name -> stream, and the life of streams over time.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/memory_budget.h"
#include "engine/streams/early_trim.h"
#include "engine/streams/stream.h"

namespace hydrant::streams {

struct Delays {
  Duration create{0}, reshard{0}, remove{0};
  Duration update{0};    // of settings
  Duration consumer{0};  // from CREATING to ACTIVE, and from DELETING to gone
};

enum class WhenFull { refuse, trim };

// Thread-safe. Lock order: early trim, registry, topology of a stream, shard.
class Registry {
 public:
  Registry(StreamEnvironment environment, Delays delays, WhenFull when_full);
  ~Registry();

  // Null if a stream of that name exists, in whatever status.
  std::shared_ptr<Stream> create(StreamId id, const StreamSettings& settings, std::int32_t shards);
  // With no delay at all the stream is ACTIVE when this returns: for configured resources.
  std::shared_ptr<Stream> create_active(StreamId id, const StreamSettings& settings,
                                        std::int32_t shards);
  std::shared_ptr<Stream> find(const StreamIdView& id) const;
  // By name, from the first behind `after` on: at most so many.
  std::vector<std::shared_ptr<Stream>> list(const std::string& account, const std::string& region,
                                            const std::string& after,
                                            std::size_t streams_max) const;
  std::vector<std::shared_ptr<Stream>> all() const;
  Usage usage(const std::string& account, const std::string& region) const;

  // Each sets UPDATING (or DELETING) at once and is carried out when its delay has passed. The
  // caller has checked that the request may be granted. False: another request came first, and the
  // stream is not ACTIVE any more or a shard not open.
  bool split(const std::shared_ptr<Stream>& stream, std::int32_t number, HashKey upper_start);
  bool merge(const std::shared_ptr<Stream>& stream, std::int32_t lower, std::int32_t upper);
  bool update_shard_count(const std::shared_ptr<Stream>& stream, std::int32_t target);
  // Any other change of a stream.
  bool update(const std::shared_ptr<Stream>& stream, std::function<void(Stream&)> change);
  // Records beyond the new period are dropped when it is in force.
  bool set_retention(const std::shared_ptr<Stream>& stream, std::int32_t hours);
  // On-demand: with shards enough for the warm throughput, and more as traffic asks for them.
  bool set_mode(const std::shared_ptr<Stream>& stream, Mode mode, std::int32_t warm_mibps);
  void remove(const std::shared_ptr<Stream>& stream);

  std::variant<ConsumerPtr, ConsumerRefusal> register_consumer(
      const std::shared_ptr<Stream>& stream, const std::string& name, const ConsumerLimits& limits);
  // Its subscriptions end at once. A second call does nothing.
  void deregister_consumer(const std::shared_ptr<Stream>& stream, const ConsumerPtr& consumer);

  void clear();  // forgets all streams; timers that are under way find nothing to do

  // Whether the memory budget has room for records of `bytes`, made by trimming early if that is
  // the rule. It is theirs when they are appended: callers that ask at the same time may together
  // take some more than there is.
  bool make_room(std::int64_t bytes);
  // The same for others that share the budget: on success the bytes are taken from it.
  bool reserve(std::int64_t bytes);

  const StreamEnvironment& environment() const { return environment_; }

 private:
  void after(Duration delay, const std::shared_ptr<Stream>& stream,
             std::function<void(Stream&)> change);
  std::shared_ptr<Stream> insert(StreamId id, const StreamSettings& settings, std::int32_t shards);
  void arm_trim(const std::shared_ptr<Stream>& stream);
  void await_traffic(Stream& stream);
  void arm_watch(const std::shared_ptr<Stream>& stream, bool begin);
  bool watch_traffic(Stream& stream);
  void forget(const Stream& stream);
  bool free_some(std::int64_t bytes);
  ShardList all_shards() const;

  const StreamEnvironment environment_;
  const Delays delays_;
  const WhenFull when_full_;
  mutable std::shared_mutex mutex_;
  std::map<StreamId, std::shared_ptr<Stream>, std::less<>> streams_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<UsageTotal>> usage_;
  // Timers hold it weakly: it dies with the registry, and clear() replaces it.
  std::shared_ptr<char> epoch_ = std::make_shared<char>();
  EarlyTrim early_trim_;
};

}  // namespace hydrant::streams
