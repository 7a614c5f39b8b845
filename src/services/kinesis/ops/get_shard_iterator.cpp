// GetShardIterator. The id of the shard is read before anything else is looked up.
#include "services/kinesis/not_emulated.h"
#include "services/kinesis/operation.h"
#include "services/kinesis/starting_position.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  std::optional<Text> stream_name;
  Text shard_id, shard_iterator_type;
  std::optional<Text> starting_sequence_number;
  std::optional<TimePoint> timestamp;
  std::optional<Text> stream_arn, stream_id;
  std::optional<bool> dry_run;

  static constexpr auto shape() {
    return fields(
        field("StreamName", &Input::stream_name, kStreamName),
        field("ShardId", &Input::shard_id, kShardId),
        field("ShardIteratorType", &Input::shard_iterator_type, one_of(kStartingPositions)),
        field("StartingSequenceNumber", &Input::starting_sequence_number, kSequenceNumber),
        field("Timestamp", &Input::timestamp), field("StreamARN", &Input::stream_arn, kStreamArn),
        field("StreamId", &Input::stream_id, kStreamId), field("DryRun", &Input::dry_run));
  }
};

Result<void> get_shard_iterator(Context& ctx, const Input& in, Writer& reply) {
  const auto id = ctx.identify(in.stream_name, in.stream_arn);
  if (!id) return id.error();
  const auto number = streams::parse_shard_id(in.shard_id);
  if (!number) return shard_unreadable(in.shard_id, *id);
  const auto stream = ctx.environment.registry.find(*id);
  const auto shard = stream && stream->readable() ? stream->shard(*number) : nullptr;
  if (!shard) return shard_does_not_exist(*number, *id);

  const auto from = position_in(ctx, *id, *shard,
                                {in.shard_iterator_type, in.starting_sequence_number, in.timestamp},
                                "GetShardIterator");
  if (!from) return from.error();
  if (auto refused = note_dry_run(ctx, in.dry_run, *id)) return *std::move(refused);
  if (!shard->admit_iterator(ctx.now()))
    return Error{"ProvisionedThroughputExceededException",
                 "Rate exceeded for Shard - " + id->account + "/" + id->name + "/" + shard->id()};
  reply.begin_map().key("ShardIterator");
  reply.plain(
      seal_iterator(ctx, {*id, *number, shard->starting_number().created_s, *from, ctx.now()}));
  reply.end_map();
  return {};
}

}  // namespace

extern const Operation kGetShardIterator = operation<&get_shard_iterator>("GetShardIterator");

}  // namespace hydrant::kinesis
