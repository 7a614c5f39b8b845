// DescribeStreamSummary: the description without the shards.
#include "services/kinesis/capacity.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  std::optional<Text> stream_name, stream_arn, stream_id;

  static constexpr auto shape() {
    return fields(field("StreamName", &Input::stream_name, kStreamName),
                  field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> describe_stream_summary(Context& ctx, const Input& in, Writer& reply) {
  const auto stream = ctx.find(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();
  const auto open = (*stream)->was_active() ? (*stream)->open_shards().size() : 0;
  reply.begin_map().key("StreamDescriptionSummary").begin_map();
  write_description(reply, **stream);
  reply.member("OpenShardCount", static_cast<std::int64_t>(open));
  reply.member("ConsumerCount", static_cast<std::int64_t>((*stream)->consumers().size()));
  reply.member("MaxRecordSizeInKiB", (*stream)->settings().record_size_max_kib);
  if ((*stream)->settings().mode == streams::Mode::on_demand && has_commitment(ctx))
    write_warm_throughput(reply, **stream);
  reply.end_map().end_map();
  return {};
}

}  // namespace

extern const Operation kDescribeStreamSummary =
    operation<&describe_stream_summary>("DescribeStreamSummary");

}  // namespace hydrant::kinesis
