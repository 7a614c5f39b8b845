// CreateStream. Without ShardCount and StreamModeDetails the service creates an on-demand stream.
#include <algorithm>

#include "services/kinesis/capacity.h"
#include "services/kinesis/tags.h"

namespace hydrant::kinesis {
namespace {

constexpr std::string_view kStrategies[] = {"AUTO", "USER_PARTITION_KEY"};

struct Input {
  Text stream_name;
  std::optional<std::int32_t> shard_count;
  std::optional<StreamModeDetails> stream_mode_details;
  std::optional<aws::TextMap> tags;
  std::optional<std::int32_t> warm_throughput_mibps, max_record_size_in_kib;
  std::optional<Text> record_distribution_strategy;

  static constexpr auto shape() {
    return fields(field("StreamName", &Input::stream_name, kStreamName),
                  field("ShardCount", &Input::shard_count, range(1)),
                  field("StreamModeDetails", &Input::stream_mode_details),
                  field("Tags", &Input::tags, kTags),
                  field("WarmThroughputMiBps", &Input::warm_throughput_mibps, range(0)),
                  field("MaxRecordSizeInKiB", &Input::max_record_size_in_kib, range(1024, 10240)),
                  field("RecordDistributionStrategy", &Input::record_distribution_strategy,
                        one_of(kStrategies)));
  }
};

// The mode, and how many shards it begins with.
Result<std::pair<streams::Mode, std::int32_t>> layout(const Input& in) {
  const bool on_demand = in.stream_mode_details ? in.stream_mode_details->stream_mode == "ON_DEMAND"
                                                : !in.shard_count.has_value();
  if (on_demand && in.shard_count)
    return Error::validation("ShardCount is not expected when StreamMode=ON_DEMAND");
  if (!on_demand && !in.shard_count)
    return Error::validation("ShardCount is expected when StreamMode=PROVISIONED");
  if (on_demand)
    return std::pair{streams::Mode::on_demand,
                     std::max(kOnDemandShards, in.warm_throughput_mibps.value_or(0))};
  return std::pair{streams::Mode::provisioned, *in.shard_count};
}

std::optional<Error> over_quota(const Context& ctx, streams::Mode mode, std::int64_t shards) {
  const auto& quotas = ctx.environment.quotas;
  const auto creating = ctx.environment.registry.usage(ctx.call.account, ctx.call.region).creating;
  if (creating >= quotas.streams_creating)
    return Error::limit_exceeded(
        "This request would exceed the limit on the number of streams in CREATING state. Limit: " +
        std::to_string(quotas.streams_creating));
  if (mode == streams::Mode::on_demand) return check_on_demand_quota(ctx);
  if (ctx.open_shards_in_account() + shards > quotas.shards_in(ctx.call.region))
    return shard_quota_exceeded(ctx, shards);
  return std::nullopt;
}

Result<void> create_stream(Context& ctx, const Input& in, Writer&) {
  const auto mode = layout(in);
  if (!mode) return mode.error();
  const streams::StreamId id{ctx.call.account, ctx.call.region, std::string(in.stream_name)};
  const auto taken =
      Error::in_use("Stream " + id.name + " under account " + id.account + " already exists.");
  if (ctx.environment.registry.find(id)) return taken;
  if (in.warm_throughput_mibps) {
    if (auto error = check_warm_throughput(ctx, id, mode->first, *in.warm_throughput_mibps))
      return *std::move(error);
  }
  if (auto error = over_quota(ctx, mode->first, mode->second)) return *std::move(error);
  if (in.tags) {
    if (auto error = check_tags(id, *in.tags)) return *std::move(error);
  }
  if (in.record_distribution_strategy == "AUTO") {
    if (auto refused = ctx.environment.gaps.note(
            "CreateStream " + id.name, "RecordDistributionStrategy",
            "Records go to the shards of their partition keys, which they must have."))
      return *std::move(refused);
  }

  streams::StreamSettings settings;
  settings.mode = mode->first;
  settings.record_size_max_kib = in.max_record_size_in_kib.value_or(settings.record_size_max_kib);
  settings.warm_throughput_mibps = in.warm_throughput_mibps.value_or(0);
  const auto stream = ctx.environment.registry.create(id, settings, mode->second);
  if (!stream) return taken;
  if (in.tags) stream->tags().put(*in.tags);
  return {};
}

}  // namespace

extern const Operation kCreateStream = operation<&create_stream>("CreateStream");

}  // namespace hydrant::kinesis
