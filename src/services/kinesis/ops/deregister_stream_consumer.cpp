// DeregisterStreamConsumer. The consumer's subscriptions end at once.
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

Result<void> deregister_stream_consumer(Context& ctx, const Input& in, Writer&) {
  const auto found = find_consumer(ctx, in.consumer_arn, in.stream_arn, in.consumer_name);
  if (!found) return found.error();
  ctx.environment.registry.deregister_consumer(found->stream, found->consumer);
  return {};
}

}  // namespace

extern const Operation kDeregisterStreamConsumer =
    operation<&deregister_stream_consumer>("DeregisterStreamConsumer");

}  // namespace hydrant::kinesis
