#include "engine/delivery/delivery_registry.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <mutex>
#include <utility>

namespace hydrant::delivery {
namespace {

// Handlers may put as much as they take; at some point the server has to end all the same.
constexpr int kFinalFlushesMax = 100;

}  // namespace

DeliveryRegistry::DeliveryRegistry(DeliveryEnvironment environment, Duration create_delay)
    : environment_(std::move(environment)), create_delay_(create_delay) {}

DeliveryRegistry::~DeliveryRegistry() { clear(); }

std::shared_ptr<DeliveryStream> DeliveryRegistry::create(const DeliveryStreamSettings& settings,
                                                         std::shared_ptr<void> attachment) {
  return insert(settings, std::move(attachment), create_delay_);
}

std::shared_ptr<DeliveryStream> DeliveryRegistry::create_active(
    const DeliveryStreamSettings& settings, std::shared_ptr<void> attachment) {
  return insert(settings, std::move(attachment), Duration::zero());
}

std::shared_ptr<DeliveryStream> DeliveryRegistry::insert(const DeliveryStreamSettings& settings,
                                                         std::shared_ptr<void> attachment,
                                                         Duration delay) {
  auto stream = std::make_shared<DeliveryStream>(environment_, settings, std::move(attachment));
  {
    std::unique_lock lock(mutex_);
    if (!streams_.emplace(settings.id, stream).second) return nullptr;
  }
  if (delay <= Duration::zero()) {
    stream->activate();
    return stream;
  }
  environment_.clock.at(stream->created_at() + delay, [weak = std::weak_ptr(stream)] {
    if (const auto created = weak.lock()) created->activate();
  });
  return stream;
}

std::shared_ptr<DeliveryStream> DeliveryRegistry::find(const DeliveryStreamId& id) const {
  std::shared_lock lock(mutex_);
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<DeliveryStream>> DeliveryRegistry::all() const {
  std::shared_lock lock(mutex_);
  std::vector<std::shared_ptr<DeliveryStream>> streams;
  streams.reserve(streams_.size());
  for (const auto& [id, stream] : streams_) streams.push_back(stream);
  return streams;
}

std::vector<std::shared_ptr<DeliveryStream>> DeliveryRegistry::list(
    const std::string& account, const std::string& region) const {
  constexpr auto kAll = std::numeric_limits<std::size_t>::max();
  return list(account, region, "", kAll, [](const DeliveryStream&) { return true; });
}

std::vector<std::shared_ptr<DeliveryStream>> DeliveryRegistry::list(
    const std::string& account, const std::string& region, const std::string& after,
    std::size_t streams_max, const std::function<bool(const DeliveryStream&)>& wanted) const {
  std::shared_lock lock(mutex_);
  std::vector<std::shared_ptr<DeliveryStream>> found;
  for (auto at = streams_.upper_bound({account, region, after});
       at != streams_.end() && found.size() < streams_max && at->first.account == account &&
       at->first.region == region;
       ++at)
    if (wanted(*at->second)) found.push_back(at->second);
  return found;
}

bool DeliveryRegistry::remove(const DeliveryStreamId& id) {
  std::shared_ptr<DeliveryStream> stream;
  {
    std::unique_lock lock(mutex_);
    auto node = streams_.extract(id);
    if (node.empty()) return false;
    stream = std::move(node.mapped());
  }
  stream->close();
  const DeliveryCounters counters = stream->state().counters;
  std::unique_lock lock(mutex_);
  removed_ += counters;
  return true;
}

FlushResult DeliveryRegistry::flush() { return flush(all()); }

std::optional<FlushResult> DeliveryRegistry::flush(const std::string& name) {
  auto streams = all();
  std::erase_if(streams, [&](const auto& stream) { return stream->id().name != name; });
  if (streams.empty()) return std::nullopt;
  return flush(streams);
}

// All begin before any starts: what one delivery stream's handler puts into another while
// they work belongs to the next flush.
FlushResult DeliveryRegistry::flush(const std::vector<std::shared_ptr<DeliveryStream>>& streams) {
  std::vector<std::shared_ptr<FlushCall>> calls;
  calls.reserve(streams.size());
  for (const auto& stream : streams) calls.push_back(stream->begin_flush());
  for (std::size_t i = 0; i < streams.size(); ++i) streams[i]->start_flush(calls[i]);
  FlushResult result;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    FlushResult one = streams[i]->finish_flush(calls[i]);
    std::move(one.written.begin(), one.written.end(), std::back_inserter(result.written));
    std::move(one.unwritten.begin(), one.unwritten.end(), std::back_inserter(result.unwritten));
  }
  return result;
}

std::vector<Undelivered> DeliveryRegistry::stop(bool flush_first) {
  const auto streams = all();
  const auto all_drained = [&streams] {
    return std::all_of(streams.begin(), streams.end(),
                       [](const auto& stream) { return stream->drained(); });
  };
  for (int round = 0; flush_first && round < kFinalFlushesMax && !all_drained(); ++round) {
    if (!flush(streams).unwritten.empty()) break;
  }
  std::vector<Undelivered> rest;
  for (const auto& stream : streams) {
    const DeliveryStreamState state = stream->state();
    stream->close();
    if (state.undelivered_records == 0 && state.undelivered_backup_records == 0) continue;
    rest.push_back({state.id, state.undelivered_records, state.undelivered_bytes,
                    state.undelivered_backup_records,
                    state.write_error ? state.write_error->text : ""});
  }
  return rest;
}

void DeliveryRegistry::clear() {
  std::map<DeliveryStreamId, std::shared_ptr<DeliveryStream>> forgotten;
  {
    std::unique_lock lock(mutex_);
    forgotten.swap(streams_);
    removed_ = {};
  }
  for (const auto& [id, stream] : forgotten) stream->close();
}

std::vector<DeliveryStreamState> DeliveryRegistry::states() const {
  std::vector<DeliveryStreamState> states;
  for (const auto& stream : all()) states.push_back(stream->state());
  return states;
}

DeliveryCounters DeliveryRegistry::counters() const {
  DeliveryCounters total;
  for (const DeliveryStreamState& state : states()) total += state.counters;
  std::shared_lock lock(mutex_);
  total += removed_;
  return total;
}

}  // namespace hydrant::delivery
