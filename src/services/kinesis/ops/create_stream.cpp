// CreateStream. Without ShardCount and StreamModeDetails the service creates an on-demand stream.
#include "services/kinesis/tags.h"

namespace hydrant::kinesis {
namespace {

constexpr std::string_view kModes[] = {"PROVISIONED", "ON_DEMAND"};
constexpr std::int32_t kOnDemandShards = 4;

struct StreamModeDetails {
  Text stream_mode;
  static constexpr auto shape() {
    return fields(field("StreamMode", &StreamModeDetails::stream_mode, one_of(kModes)));
  }
};

struct Input {
  Text stream_name;
  std::optional<std::int32_t> shard_count;
  std::optional<StreamModeDetails> stream_mode_details;
  std::optional<aws::TextMap> tags;
  std::optional<std::int32_t> warm_throughput_mibps, max_record_size_in_kib;

  static constexpr auto shape() {
    return fields(field("StreamName", &Input::stream_name, kStreamName),
                  field("ShardCount", &Input::shard_count, range(1)),
                  field("StreamModeDetails", &Input::stream_mode_details),
                  field("Tags", &Input::tags, kTags),
                  field("WarmThroughputMiBps", &Input::warm_throughput_mibps, range(0)),
                  field("MaxRecordSizeInKiB", &Input::max_record_size_in_kib, range(1024, 10240)));
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
  if (on_demand) return std::pair{streams::Mode::on_demand, kOnDemandShards};
  return std::pair{streams::Mode::provisioned, *in.shard_count};
}

std::optional<Error> over_quota(const Context& ctx, streams::Mode mode, std::int64_t shards) {
  const auto& quotas = ctx.environment.quotas;
  std::int64_t creating = 0, on_demand = 0;
  for (const auto& stream : ctx.environment.registry.list(ctx.call.account, ctx.call.region)) {
    if (stream->status() == streams::Status::creating) ++creating;
    if (stream->settings().mode == streams::Mode::on_demand) ++on_demand;
  }
  if (creating >= quotas.streams_creating)
    return Error::limit_exceeded(
        "This request would exceed the limit on the number of streams in CREATING state. Limit: " +
        std::to_string(quotas.streams_creating));
  if (mode == streams::Mode::on_demand) {
    if (on_demand < quotas.on_demand_streams) return std::nullopt;
    return Error::limit_exceeded(
        "This request would exceed the limit on the number of On-Demand streams for the account " +
        ctx.call.account + " in " + ctx.call.region + ". Current On-Demand streams count: " +
        std::to_string(on_demand) + ". Limit: " + std::to_string(quotas.on_demand_streams) + ".");
  }
  if (ctx.open_shards_in_account() + shards > quotas.shards_in(ctx.call.region))
    return shard_quota_exceeded(ctx, shards);
  return std::nullopt;
}

std::optional<Error> note_gaps(const Context& ctx, const Input& in) {
  const auto where = "CreateStream " + std::string(in.stream_name);
  if (in.warm_throughput_mibps)
    return ctx.environment.gaps.note(where, "WarmThroughputMiBps",
                                     "Warm throughput has no effect.");
  return std::nullopt;
}

Result<void> create_stream(Context& ctx, const Input& in, Writer&) {
  const auto mode = layout(in);
  if (!mode) return mode.error();
  const streams::StreamId id{ctx.call.account, ctx.call.region, std::string(in.stream_name)};
  const auto taken =
      Error::in_use("Stream " + id.name + " under account " + id.account + " already exists.");
  if (ctx.environment.registry.find(id)) return taken;
  if (auto error = over_quota(ctx, mode->first, mode->second)) return *std::move(error);
  if (in.tags) {
    if (auto error = check_tags(id, *in.tags)) return *std::move(error);
  }
  if (auto refused = note_gaps(ctx, in)) return *std::move(refused);

  streams::StreamSettings settings;
  settings.mode = mode->first;
  settings.record_size_max_kib = in.max_record_size_in_kib.value_or(settings.record_size_max_kib);
  const auto stream = ctx.environment.registry.create(id, settings, mode->second);
  if (!stream) return taken;
  if (in.tags) stream->tags().put(*in.tags);
  return {};
}

}  // namespace

extern const Operation kCreateStream = operation<&create_stream>("CreateStream");

}  // namespace hydrant::kinesis
