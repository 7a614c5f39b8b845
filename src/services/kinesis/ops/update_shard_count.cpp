// UpdateShardCount. At most doubles, at most halves.
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

constexpr std::string_view kScalingTypes[] = {"UNIFORM_SCALING"};

struct Input {
  std::optional<Text> stream_name;
  std::int32_t target_shard_count = 0;
  Text scaling_type;
  std::optional<Text> stream_arn, stream_id;

  static constexpr auto shape() {
    return fields(field("StreamName", &Input::stream_name, kStreamName),
                  field("TargetShardCount", &Input::target_shard_count, range(1)),
                  field("ScalingType", &Input::scaling_type, one_of(kScalingTypes)),
                  field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

std::optional<Error> over_limit(const Context& ctx, std::int64_t open, std::int64_t target) {
  const auto counts = "Current open shard count: " + std::to_string(open) +
                      ", Target shard count: " + std::to_string(target);
  if (target > 2 * open)
    return Error::limit_exceeded(
        "UpdateShardCount cannot scale up over double your current open shard count. " + counts);
  if (2 * target < open)
    return Error::limit_exceeded(
        "UpdateShardCount cannot scale down below half your current open shard count. " + counts);
  if (target <= open) return std::nullopt;
  // Two limits of their own: one stream's target, and all the shards of the account.
  const auto& quotas = ctx.environment.quotas;
  const auto account = quotas.shards_in(ctx.call.region);
  const bool target_too_large = target > quotas.shards_of_update;
  if (target_too_large || ctx.open_shards_in_account() - open + target > account)
    return Error::limit_exceeded(
        "Target shard count or number of open shards cannot be greater than " +
        std::to_string(target_too_large ? quotas.shards_of_update : account) + ". " + counts);
  return std::nullopt;
}

Result<void> update_shard_count(Context& ctx, const Input& in, Writer& reply) {
  const auto stream = ctx.find_active(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();
  const auto& id = (*stream)->id();
  if ((*stream)->settings().mode == streams::Mode::on_demand) return on_demand_refusal(id);
  const auto open = static_cast<std::int64_t>((*stream)->open_shards().size());
  if (auto error = over_limit(ctx, open, in.target_shard_count)) return *std::move(error);

  if (auto error = ctx.admit_change(**stream)) return *std::move(error);
  if (!ctx.environment.registry.update_shard_count(*stream, in.target_shard_count))
    return not_active(id, streams::Status::updating);
  reply.begin_map().member("StreamName", id.name).member("CurrentShardCount", open);
  reply.member("TargetShardCount", in.target_shard_count).member("StreamARN", (*stream)->arn());
  reply.end_map();
  return {};
}

}  // namespace

extern const Operation kUpdateShardCount = operation<&update_shard_count>("UpdateShardCount");

}  // namespace hydrant::kinesis
