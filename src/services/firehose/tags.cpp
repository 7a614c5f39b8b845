#include "services/firehose/tags.h"

#include <algorithm>

namespace hydrant::firehose {

bool Tags::add(const std::vector<Tag>& tags) {
  MutexLock lock(mutex_);
  std::vector<Tag> result = tags_;
  for (const auto& tag : tags) {
    const auto found = std::ranges::find(result, tag.key, &Tag::key);
    if (found == result.end()) {
      result.push_back(tag);
    } else {
      found->value = tag.value;
    }
  }
  if (result.size() > kTagsMax) return false;
  tags_ = std::move(result);
  return true;
}

void Tags::remove(const std::vector<std::string_view>& keys) {
  MutexLock lock(mutex_);
  std::erase_if(tags_, [&](const Tag& tag) {
    return std::ranges::find(keys, std::string_view(tag.key)) != keys.end();
  });
}

Tags::Page Tags::list(std::optional<std::string_view> start, std::size_t limit) const {
  MutexLock lock(mutex_);
  auto from = tags_.begin();
  if (start) {
    const auto found = std::ranges::find(tags_, *start, &Tag::key);
    if (found != tags_.end()) from = found + 1;
  }
  const auto left = static_cast<std::size_t>(tags_.end() - from);
  const auto count = std::min(left, limit);
  return {{from, from + static_cast<std::ptrdiff_t>(count)}, left > count};
}

}  // namespace hydrant::firehose
