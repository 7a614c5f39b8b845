// DescribeStreamConsumer: by ARN, or by the ARN of the stream and the name.
#include "services/kinesis/consumers.h"
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  std::optional<Text> stream_arn, consumer_name, consumer_arn, stream_id;

  static constexpr auto shape() {
    return fields(field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("ConsumerName", &Input::consumer_name, kConsumerName),
                  field("ConsumerARN", &Input::consumer_arn, kConsumerArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> describe_stream_consumer(Context& ctx, const Input& in, Writer& reply) {
  const auto found = find_consumer(ctx, in.consumer_arn, in.stream_arn, in.consumer_name);
  if (!found) return found.error();
  reply.begin_map().key("ConsumerDescription").begin_map();
  write_consumer(reply, *found->consumer);
  reply.member("StreamARN", found->stream->arn()).end_map().end_map();
  return {};
}

}  // namespace

extern const Operation kDescribeStreamConsumer =
    operation<&describe_stream_consumer>("DescribeStreamConsumer");

}  // namespace hydrant::kinesis
