// DeliveryRegistry: name -> delivery stream, and the life of delivery streams over time. Start
// here: the services and the server see this header, delivery_stream.h, settings.h and state.h.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "engine/delivery/delivery_stream.h"
#include "engine/delivery/environment.h"
#include "engine/delivery/settings.h"
#include "engine/delivery/state.h"

namespace hydrant::delivery {

// Thread-safe. Its lock guards the map alone and is never held while a delivery stream works.
class DeliveryRegistry {
 public:
  // `create_delay`: from create() to ACTIVE, on the clock.
  DeliveryRegistry(DeliveryEnvironment environment, Duration create_delay);
  ~DeliveryRegistry();  // clear(); the pool must have run dry before the environment's parts go

  // Null if a delivery stream of that name exists. CREATING until the delay is over; without one it
  // is ACTIVE when this returns. `attachment`: see DeliveryStream::attachment().
  std::shared_ptr<DeliveryStream> create(const DeliveryStreamSettings& settings,
                                         std::shared_ptr<void> attachment = nullptr);
  // ACTIVE at once, for configured resources. Its Kinesis source must exist by then.
  std::shared_ptr<DeliveryStream> create_active(const DeliveryStreamSettings& settings,
                                                std::shared_ptr<void> attachment = nullptr);

  std::shared_ptr<DeliveryStream> find(const DeliveryStreamId& id) const;  // null: none
  std::vector<std::shared_ptr<DeliveryStream>> list(const std::string& account,
                                                    const std::string& region) const;  // by name
  // The same of those that are wanted, from the first behind `after` on: at most so many. `wanted`
  // is called with the lock held.
  std::vector<std::shared_ptr<DeliveryStream>> list(
      const std::string& account, const std::string& region, const std::string& after,
      std::size_t streams_max, const std::function<bool(const DeliveryStream&)>& wanted) const;
  std::vector<std::shared_ptr<DeliveryStream>> all() const;  // by account, region, name

  // DeleteDeliveryStream: gone at once; what it holds is discarded, and counted. False: none.
  bool remove(const DeliveryStreamId& id);

  // Delivers what was acknowledged when it was called, through transforms, and returns when it is
  // written. Blocks: call it from ThreadPool::post_waiter, never from a counted task, a clock's
  // thread or an io thread. Works under every clock; a virtual one stands still meanwhile.
  FlushResult flush();
  std::optional<FlushResult> flush(const std::string& name);  // every account's; none: no such name

  // The end of the server: flushes (if asked to) until nothing is left, taking what handlers put
  // meanwhile as well, then closes every delivery stream. Returns what stays undelivered.
  std::vector<Undelivered> stop(bool flush_first);

  // Reset: forgets every delivery stream; timers are cancelled, work in flight finds nobody to
  // report to, counters start again. An object whose write is under way may still appear: wait for
  // the pool before the object store is cleared.
  void clear();

  std::vector<DeliveryStreamState> states() const;  // by account, region, name
  DeliveryCounters counters() const;                // of all, the removed ones included

 private:
  std::shared_ptr<DeliveryStream> insert(const DeliveryStreamSettings& settings,
                                         std::shared_ptr<void> attachment, Duration delay);
  FlushResult flush(const std::vector<std::shared_ptr<DeliveryStream>>& streams);

  const DeliveryEnvironment environment_;
  const Duration create_delay_;
  mutable std::shared_mutex mutex_;
  std::map<DeliveryStreamId, std::shared_ptr<DeliveryStream>> streams_;
  DeliveryCounters removed_;  // of delivery streams that are gone
};

}  // namespace hydrant::delivery
