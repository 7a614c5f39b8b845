// WakeList: who waits for news of a shard.
#pragma once
#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

#include "core/mutex.h"

namespace hydrant::streams {

class Sleeper {
 public:
  virtual ~Sleeper() = default;
  // From any thread, without a lock of the engine; must be short. It tells no more than that it is
  // worth while to look again.
  virtual void wake() = 0;
};

// Thread-safe. Costs a writer one load while nobody waits.
class WakeList {
 public:
  void add(std::weak_ptr<Sleeper> sleeper) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    drop_the_gone();
    sleepers_.push_back(std::move(sleeper));
    any_.store(true);
  }

  bool any() const { return any_.load(); }

  // Whoever was added before sees what was done before.
  void wake() EXCLUDES(mutex_) {
    if (!any()) return;
    std::vector<std::shared_ptr<Sleeper>> awake;
    {
      MutexLock lock(mutex_);
      drop_the_gone();
      awake.reserve(sleepers_.size());
      for (const auto& sleeper : sleepers_)
        if (auto alive = sleeper.lock()) awake.push_back(std::move(alive));
      any_.store(!sleepers_.empty());
    }
    for (const auto& sleeper : awake) sleeper->wake();
  }

 private:
  void drop_the_gone() REQUIRES(mutex_) {
    std::erase_if(sleepers_, [](const auto& sleeper) { return sleeper.expired(); });
  }

  Mutex mutex_;
  std::vector<std::weak_ptr<Sleeper>> sleepers_ GUARDED_BY(mutex_);
  std::atomic<bool> any_{false};
};

}  // namespace hydrant::streams
