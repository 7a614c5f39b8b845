// Policy: the resource policy of a stream or consumer. It is kept and shown; there is no IAM here
// that would ask it.
#pragma once
#include <optional>
#include <string>

#include "core/mutex.h"

namespace hydrant::streams {

// Thread-safe.
class Policy {
 public:
  void put(std::string document) {
    MutexLock lock(mutex_);
    document_ = std::move(document);
  }
  // False if there was none.
  bool remove() {
    MutexLock lock(mutex_);
    const bool had_one = document_.has_value();
    document_.reset();
    return had_one;
  }
  std::optional<std::string> get() const {
    MutexLock lock(mutex_);
    return document_;
  }

 private:
  mutable Mutex mutex_;
  std::optional<std::string> document_ GUARDED_BY(mutex_);
};

}  // namespace hydrant::streams
