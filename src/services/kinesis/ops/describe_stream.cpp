// DescribeStream. Shards come a hundred at a time, however many are asked for.
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

constexpr std::int32_t kPageMax = 100;

struct Input {
  std::optional<Text> stream_name;
  std::optional<std::int32_t> limit;
  std::optional<Text> exclusive_start_shard_id, stream_arn, stream_id;

  static constexpr auto shape() {
    return fields(field("StreamName", &Input::stream_name, kStreamName),
                  field("Limit", &Input::limit, range(1, 10000)),
                  field("ExclusiveStartShardId", &Input::exclusive_start_shard_id, kShardId),
                  field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> describe_stream(Context& ctx, const Input& in, Writer& reply) {
  const auto id = ctx.identify(in.stream_name, in.stream_arn);
  if (!id) return id.error();
  std::int32_t after = -1;
  if (in.exclusive_start_shard_id) {
    const auto given = streams::parse_shard_id(*in.exclusive_start_shard_id);
    if (!given) return shard_unreadable(*in.exclusive_start_shard_id, *id);
    after = *given;
  }
  const auto stream = ctx.find(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();

  reply.begin_map().key("StreamDescription").begin_map();
  write_description(reply, **stream);
  const auto page = std::min(in.limit.value_or(kPageMax), kPageMax);
  std::int32_t listed = 0;
  bool more = false;
  reply.key("Shards").begin_list();
  for (const auto& shard : visible_shards(**stream, ctx.now())) {
    if (shard->number() <= after) continue;
    if (listed == page) {
      more = true;
      break;
    }
    write_shard(reply, *shard);
    ++listed;
  }
  reply.end_list().member("HasMoreShards", more).end_map().end_map();
  return {};
}

}  // namespace

extern const Operation kDescribeStream = operation<&describe_stream>("DescribeStream");

}  // namespace hydrant::kinesis
