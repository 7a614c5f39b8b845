// DisableEnhancedMonitoring: the metrics that are named are switched off.
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

Result<void> disable_enhanced_monitoring(Context& ctx, const Input& in, Writer& reply) {
  const auto stream = ctx.find_active(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();
  const auto before = (*stream)->settings().shard_metrics;
  return change_metrics(ctx, *stream, before & ~metrics_of(in.shard_level_metrics), reply);
}

}  // namespace

extern const Operation kDisableEnhancedMonitoring =
    operation<&disable_enhanced_monitoring>("DisableEnhancedMonitoring");

}  // namespace hydrant::kinesis
