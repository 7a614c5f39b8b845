#include "services/kinesis/monitoring.h"

#include <algorithm>

namespace hydrant::kinesis {
namespace {

constexpr std::size_t kMetricCount = 7;
constexpr std::uint32_t kAll = (1U << kMetricCount) - 1;

}  // namespace

std::uint32_t metrics_of(const std::vector<Text>& names) {
  std::uint32_t metrics = 0;
  for (const auto name : names) {
    const auto index =
        static_cast<std::size_t>(std::ranges::find(kMetrics, name) - std::begin(kMetrics));
    metrics |= index < kMetricCount ? 1U << index : kAll;
  }
  return metrics;
}

void write_metrics(Writer& reply, std::uint32_t metrics) {
  reply.begin_list();
  for (std::size_t i = 0; i < kMetricCount; ++i)
    if ((metrics & 1U << i) != 0) reply.plain(kMetrics[i]);
  reply.end_list();
}

Result<void> change_metrics(const Context& ctx, const StreamPtr& stream, std::uint32_t wanted,
                            Writer& reply) {
  const auto before = stream->settings().shard_metrics;
  const auto change = [wanted](streams::StreamSettings& settings) {
    settings.shard_metrics = wanted;
  };
  if (!ctx.environment.registry.update(
          stream, [change](streams::Stream& target) { target.change_settings(change); }))
    return not_active(stream->id(), stream->status());
  reply.begin_map().member("StreamName", stream->id().name);
  reply.key("CurrentShardLevelMetrics");
  write_metrics(reply, before);
  reply.key("DesiredShardLevelMetrics");
  write_metrics(reply, wanted);
  reply.member("StreamARN", stream->arn()).end_map();
  return {};
}

}  // namespace hydrant::kinesis
