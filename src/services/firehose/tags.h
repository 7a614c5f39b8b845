// Tags of a delivery stream.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mutex.h"

namespace hydrant::firehose {

inline constexpr std::size_t kTagsMax = 50;  // of a delivery stream

struct Tag {
  std::string key;
  std::optional<std::string> value;
};

// In the order in which they were added. Thread-safe.
class Tags {
 public:
  struct Page {
    std::vector<Tag> tags;
    bool has_more = false;
  };

  // Adds and overwrites. False, and nothing changed, if there would be more than kTagsMax.
  [[nodiscard]] bool add(const std::vector<Tag>& tags);
  void remove(const std::vector<std::string_view>& keys);  // those that are there
  // Behind `start`; from the first on if there is no such key.
  Page list(std::optional<std::string_view> start, std::size_t limit) const;

 private:
  mutable Mutex mutex_;
  std::vector<Tag> tags_ GUARDED_BY(mutex_);
};

}  // namespace hydrant::firehose
