// MergeShards. The first shard must be the lower one; both ids are read before the stream is looked
// up.
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  std::optional<Text> stream_name;
  Text shard_to_merge, adjacent_shard_to_merge;
  std::optional<Text> stream_arn, stream_id;

  static constexpr auto shape() {
    return fields(field("StreamName", &Input::stream_name, kStreamName),
                  field("ShardToMerge", &Input::shard_to_merge, kShardId),
                  field("AdjacentShardToMerge", &Input::adjacent_shard_to_merge, kShardId),
                  field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> merge_shards(Context& ctx, const Input& in, Writer&) {
  const auto id = ctx.identify(in.stream_name, in.stream_arn);
  if (!id) return id.error();
  std::int32_t numbers[2] = {};
  const Text given[2] = {in.shard_to_merge, in.adjacent_shard_to_merge};
  for (int i = 0; i < 2; ++i) {
    const auto number = streams::parse_shard_id(given[i]);
    if (!number) return shard_unreadable(given[i], *id);
    numbers[i] = *number;
  }
  const auto stream = ctx.find_active(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();
  if ((*stream)->settings().mode == streams::Mode::on_demand) return on_demand_refusal(*id);

  std::shared_ptr<streams::Shard> shards[2];
  for (int i = 0; i < 2; ++i) {
    shards[i] = (*stream)->shard(numbers[i]);
    if (!shards[i]) return shard_unreadable(streams::shard_id(numbers[i]), *id);
  }
  for (const auto& shard : shards)
    if (!shard->open()) return already_resharded(*shard, *id);
  if (!shards[0]->range().adjoins(shards[1]->range()))
    return Error::invalid_argument("Shards " + shards[0]->id() + " and " + shards[1]->id() +
                                   " in stream " + id->name + " under account " + id->account +
                                   " are not an adjacent pair of shards eligible for merging");
  if (!ctx.environment.registry.merge(*stream, numbers[0], numbers[1]))
    return not_active(*id, streams::Status::updating);
  return {};
}

}  // namespace

extern const Operation kMergeShards = operation<&merge_shards>("MergeShards");

}  // namespace hydrant::kinesis
