// How requests name a consumer, and what they are told of one.
#pragma once
#include "engine/streams/consumer.h"
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {

bool is_consumer_arn(Text text);

inline constexpr aws::Pattern kConsumerArnPattern{
    R"(^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+)",
    &is_consumer_arn};
inline constexpr Rules kConsumerArn = aws::matching(kConsumerArnPattern).with_length(1, 2048);
inline constexpr Rules kConsumerName = kStreamName;

struct FoundConsumer {
  StreamPtr stream;
  streams::ConsumerPtr consumer;
};
// By its ARN, or by the ARN of its stream and its name; if all are given they must agree. In
// whatever status.
Result<FoundConsumer> find_consumer(const Context& ctx, std::optional<Text> consumer_arn,
                                    std::optional<Text> stream_arn, std::optional<Text> name);

Error consumer_not_found(Text name, const streams::StreamId& id);
// For subscriptions; policies have a wording of their own.
Error consumer_not_active(const streams::Consumer& consumer, const streams::StreamId& id);

// Its four members, without the braces.
void write_consumer(Writer& reply, const streams::Consumer& consumer);

}  // namespace hydrant::kinesis
