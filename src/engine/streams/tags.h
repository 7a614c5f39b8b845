// Tags: the keys and values that a user has put on a resource.
#pragma once
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/mutex.h"

namespace hydrant::streams {

inline constexpr std::size_t kTagsMax = 50;  // of one resource

// Thread-safe. In the order of their code points, which is that of the bytes of UTF-8.
class Tags {
 public:
  using Map = std::map<std::string, std::string, std::less<>>;
  using Pair = std::pair<std::string_view, std::string_view>;

  // Adds and overwrites. False, and nothing has changed, if there would be more than kTagsMax.
  bool put(std::span<const Pair> tags) {
    MutexLock lock(mutex_);
    Map changed = tags_;
    for (const auto& [key, value] : tags) changed.insert_or_assign(std::string(key), value);
    if (changed.size() > kTagsMax) return false;
    tags_ = std::move(changed);
    return true;
  }

  // Keys that are not there are passed over.
  void remove(std::span<const std::string_view> keys) {
    MutexLock lock(mutex_);
    for (const auto key : keys)
      if (const auto found = tags_.find(key); found != tags_.end()) tags_.erase(found);
  }

  Map all() const {
    MutexLock lock(mutex_);
    return tags_;
  }

 private:
  mutable Mutex mutex_;
  Map tags_ GUARDED_BY(mutex_);
};

}  // namespace hydrant::streams
