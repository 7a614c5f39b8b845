#include "engine/streams/early_trim.h"

#include <algorithm>
#include <utility>

namespace hydrant::streams {

std::int64_t EarlyTrim::trim(std::int64_t bytes, TimePoint now, const AllShards& all_shards) {
  MutexLock lock(mutex_);
  std::int64_t freed = 0;
  bool looked = false;
  while (freed < bytes) {
    if (!looked && !knows_the_oldest()) {
      look(now, all_shards());
      looked = true;
    }
    if (candidates_.empty()) break;
    auto [oldest, weak] = take_oldest();
    const auto shard = weak.lock();
    const auto oldest_now = shard ? shard->oldest_arrival() : std::nullopt;
    if (!oldest_now) continue;  // gone, or empty
    // Otherwise what was its oldest has aged out; it takes its place by what is the oldest now.
    if (*oldest_now == oldest) freed += shard->trim_early(1);
    if (const auto next = shard->oldest_arrival()) add(*next, std::move(weak));
  }
  return freed;
}

bool EarlyTrim::knows_the_oldest() const {
  return !candidates_.empty() && candidates_.front().oldest <= looked_at_;
}

void EarlyTrim::look(TimePoint now, const ShardList& shards) {
  candidates_.clear();
  looked_at_ = now;
  for (const auto& shard : shards)
    if (const auto oldest = shard->oldest_arrival()) candidates_.push_back({*oldest, shard});
  std::ranges::make_heap(candidates_, std::greater{}, &Candidate::oldest);
}

void EarlyTrim::add(TimePoint oldest, std::weak_ptr<Shard> shard) {
  candidates_.push_back({oldest, std::move(shard)});
  std::ranges::push_heap(candidates_, std::greater{}, &Candidate::oldest);
}

EarlyTrim::Candidate EarlyTrim::take_oldest() {
  std::ranges::pop_heap(candidates_, std::greater{}, &Candidate::oldest);
  auto oldest = std::move(candidates_.back());
  candidates_.pop_back();
  return oldest;
}

}  // namespace hydrant::streams
