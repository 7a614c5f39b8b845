// DeleteResourcePolicy. One that is not there cannot be deleted.
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

Result<void> delete_resource_policy(Context& ctx, const Input& in, Writer&) {
  const auto resource = find_active_resource(ctx, in.resource_arn);
  if (!resource) return resource.error();
  if (!resource->policy().remove())
    return Error::not_found("No resource policy found for resource " +
                            std::string(in.resource_arn) + ".");
  return {};
}

}  // namespace

extern const Operation kDeleteResourcePolicy =
    operation<&delete_resource_policy>("DeleteResourcePolicy");

}  // namespace hydrant::kinesis
