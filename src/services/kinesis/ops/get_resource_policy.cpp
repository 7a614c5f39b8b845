// GetResourcePolicy: the text as it was put; an empty object if there is none.
#include "services/kinesis/resource.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  Text resource_arn;
  std::optional<Text> stream_id;

  static constexpr auto shape() {
    return fields(field("ResourceARN", &Input::resource_arn, kResourceArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> get_resource_policy(Context& ctx, const Input& in, Writer& reply) {
  const auto resource = find_resource(ctx, in.resource_arn);
  if (!resource) return resource.error();
  reply.begin_map().member("Policy", resource->policy().get().value_or("{}")).end_map();
  return {};
}

}  // namespace

extern const Operation kGetResourcePolicy = operation<&get_resource_policy>("GetResourcePolicy");

}  // namespace hydrant::kinesis
