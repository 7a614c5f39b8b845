// Hints: what a user who looks for a resource in the wrong place wants to be told. In the log,
// once.
#pragma once
#include <memory>
#include <set>
#include <string>

#include "core/logging.h"
#include "core/mutex.h"

namespace hydrant::aws {

// Thread-safe.
class Hints {
 public:
  explicit Hints(std::shared_ptr<Logger> logger) : logger_(std::move(logger)) {}

  // `kind`: "stream" or "delivery stream"; the places as "account/region".
  void found_elsewhere(const std::string& kind, const std::string& name, const std::string& asked,
                       const std::string& found) {
    {
      MutexLock lock(mutex_);
      if (told_.size() >= kToldMax || !told_.insert(kind + name + asked + found).second) return;
    }
    logger_->warn(
        "{} {} does not exist in {}, but does in {}: account and region come from the client's "
        "credentials and settings",
        kind, name, asked, found);
  }

 private:
  static constexpr std::size_t kToldMax = 1000;
  const std::shared_ptr<Logger> logger_;
  Mutex mutex_;
  std::set<std::string> told_ GUARDED_BY(mutex_);
};

}  // namespace hydrant::aws
