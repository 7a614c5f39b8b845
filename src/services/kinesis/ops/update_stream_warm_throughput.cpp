// UpdateStreamWarmThroughput: capacity ahead of the traffic that will need it.
#include "services/kinesis/capacity.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  std::optional<Text> stream_arn, stream_name;
  std::int32_t warm_throughput_mibps = 0;
  std::optional<Text> stream_id;

  static constexpr auto shape() {
    return fields(field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamName", &Input::stream_name, kStreamName),
                  field("WarmThroughputMiBps", &Input::warm_throughput_mibps, range(0)),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> update_stream_warm_throughput(Context& ctx, const Input& in, Writer& reply) {
  const auto stream = ctx.find_active(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();
  const auto& id = (*stream)->id();
  const auto mibps = in.warm_throughput_mibps;
  if (auto error = check_warm_throughput(ctx, id, (*stream)->settings().mode, mibps))
    return *std::move(error);
  const auto current = static_cast<std::int32_t>((*stream)->open_shards().size());
  if (!ctx.environment.registry.set_mode(*stream, streams::Mode::on_demand, mibps))
    return not_active(id, (*stream)->status());
  reply.begin_map().member("StreamARN", (*stream)->arn()).member("StreamName", id.name);
  write_warm_throughput(reply, mibps, current);
  reply.end_map();
  return {};
}

}  // namespace

extern const Operation kUpdateStreamWarmThroughput =
    operation<&update_stream_warm_throughput>("UpdateStreamWarmThroughput");

}  // namespace hydrant::kinesis
