// EnableEnhancedMonitoring. ALL stands for the seven metrics.
#include "services/kinesis/monitoring.h"
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  std::optional<Text> stream_name;
  std::vector<Text> shard_level_metrics;
  std::optional<Text> stream_arn, stream_id;

  static constexpr auto shape() {
    return fields(field("StreamName", &Input::stream_name, kStreamName),
                  field("ShardLevelMetrics", &Input::shard_level_metrics, kMetricNames),
                  field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> enable_enhanced_monitoring(Context& ctx, const Input& in, Writer& reply) {
  const auto stream = ctx.find_active(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();
  if (auto refused = ctx.environment.gaps.note("EnableEnhancedMonitoring " + (*stream)->id().name,
                                               "ShardLevelMetrics", "No metrics are published."))
    return *std::move(refused);
  const auto before = (*stream)->settings().shard_metrics;
  return change_metrics(ctx, *stream, before | metrics_of(in.shard_level_metrics), reply);
}

}  // namespace

extern const Operation kEnableEnhancedMonitoring =
    operation<&enable_enhanced_monitoring>("EnableEnhancedMonitoring");

}  // namespace hydrant::kinesis
