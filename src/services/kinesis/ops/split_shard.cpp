// SplitShard. The new key begins the upper child; the lower one keeps at least two keys.
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  std::optional<Text> stream_name;
  Text shard_to_split, new_starting_hash_key;
  std::optional<Text> stream_arn, stream_id;

  static constexpr auto shape() {
    return fields(field("StreamName", &Input::stream_name, kStreamName),
                  field("ShardToSplit", &Input::shard_to_split, kShardId),
                  field("NewStartingHashKey", &Input::new_starting_hash_key, kHashKey),
                  field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> split_shard(Context& ctx, const Input& in, Writer&) {
  const auto id = ctx.identify(in.stream_name, in.stream_arn);
  if (!id) return id.error();
  const auto number = streams::parse_shard_id(in.shard_to_split);
  if (!number) return shard_unreadable(in.shard_to_split, *id);
  const auto stream = ctx.find_active(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();
  if ((*stream)->settings().mode == streams::Mode::on_demand) return on_demand_refusal(*id);
  const auto shard = (*stream)->shard(*number);
  if (!shard) return shard_unreadable(streams::shard_id(*number), *id);
  if (!shard->open()) return already_resharded(*shard, *id);

  const auto key = streams::HashKey::parse(in.new_starting_hash_key);
  const auto& range = shard->range();
  const bool inside =
      key && *key > range.first && key->value() - range.first.value() > 1 && *key < range.last;
  if (!inside)
    return Error::invalid_argument(
        "NewStartingHashKey " + std::string(in.new_starting_hash_key) +
        " used in SplitShard() on shard " + shard->id() + " in stream " + id->name +
        " under account " + id->account +
        " is not both greater than one plus the shard's StartingHashKey " + range.first.str() +
        " and less than the shard's EndingHashKey " + range.last.str() + ".");
  if (ctx.open_shards_in_account() + 1 > ctx.environment.quotas.shards_in(ctx.call.region))
    return shard_quota_exceeded(ctx, 1);
  if (!ctx.environment.registry.split(*stream, *number, *key))
    return not_active(*id, streams::Status::updating);
  return {};
}

}  // namespace

extern const Operation kSplitShard = operation<&split_shard>("SplitShard");

}  // namespace hydrant::kinesis
