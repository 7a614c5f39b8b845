// Resource: the stream or consumer that a ResourceARN names.
#pragma once
#include "engine/streams/consumer.h"
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {

bool is_resource_arn(Text text);

inline constexpr aws::Pattern kResourceArnPattern{R"(arn:aws.*:kinesis:.*:\d{12}:.*stream/\S+)",
                                                  &is_resource_arn};
inline constexpr Rules kResourceArn = aws::matching(kResourceArnPattern).with_length(1, 2048);

struct Resource {
  StreamPtr stream;               // its own, or that of the consumer
  streams::ConsumerPtr consumer;  // null: the resource is the stream

  streams::Tags& tags() const { return consumer ? consumer->tags() : stream->tags(); }
  streams::Policy& policy() const { return consumer ? consumer->policy() : stream->policy(); }
};

// Whatever its status.
Result<Resource> find_resource(const Context& ctx, Text arn);
// For a change, which needs an ACTIVE stream or consumer.
Result<Resource> find_active_resource(const Context& ctx, Text arn);

}  // namespace hydrant::kinesis
