// UpdateStreamMode. The stream keeps the shards it has.
#include "services/kinesis/capacity.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  Text stream_arn;
  StreamModeDetails stream_mode_details;
  std::optional<std::int32_t> warm_throughput_mibps;
  std::optional<Text> stream_id;

  static constexpr auto shape() {
    return fields(field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamModeDetails", &Input::stream_mode_details),
                  field("WarmThroughputMiBps", &Input::warm_throughput_mibps, range(0)),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

// Its shards count from now on, or they do no longer.
std::optional<Error> over_quota(const Context& ctx, const streams::Stream& stream,
                                streams::Mode mode) {
  if (stream.settings().mode == mode) return std::nullopt;
  if (mode == streams::Mode::on_demand) return check_on_demand_quota(ctx);
  const auto open = static_cast<std::int64_t>(stream.open_shards().size());
  if (ctx.open_shards_in_account() + open > ctx.environment.quotas.shards_in(ctx.call.region))
    return shard_quota_exceeded(ctx, open);
  return std::nullopt;
}

Result<void> update_stream_mode(Context& ctx, const Input& in, Writer&) {
  const auto stream = ctx.find_active(std::nullopt, in.stream_arn);
  if (!stream) return stream.error();
  const auto& id = (*stream)->id();
  const auto mode = in.stream_mode_details.stream_mode == "ON_DEMAND" ? streams::Mode::on_demand
                                                                      : streams::Mode::provisioned;
  if (in.warm_throughput_mibps) {
    if (auto error = check_warm_throughput(ctx, id, mode, *in.warm_throughput_mibps))
      return *std::move(error);
  }
  if (auto error = over_quota(ctx, **stream, mode)) return *std::move(error);
  if (auto error = ctx.admit_change(**stream)) return *std::move(error);
  const auto present = (*stream)->settings();
  const auto kept = present.mode == mode ? present.warm_throughput_mibps : 0;
  if (!ctx.environment.registry.set_mode(*stream, mode, in.warm_throughput_mibps.value_or(kept)))
    return not_active(id, (*stream)->status());
  return {};
}

}  // namespace

extern const Operation kUpdateStreamMode = operation<&update_stream_mode>("UpdateStreamMode");

}  // namespace hydrant::kinesis
