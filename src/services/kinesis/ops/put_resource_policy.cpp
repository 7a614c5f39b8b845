// PutResourcePolicy. The policy is kept; nobody asks it.
#include "services/kinesis/policies.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  Text resource_arn, policy;
  std::optional<Text> stream_id;

  static constexpr auto shape() {
    return fields(field("ResourceARN", &Input::resource_arn, kResourceArn),
                  field("Policy", &Input::policy), field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> put_resource_policy(Context& ctx, const Input& in, Writer&) {
  const auto resource = find_active_resource(ctx, in.resource_arn);
  if (!resource) return resource.error();
  if (auto error = check_policy(in.policy)) return *std::move(error);
  const auto where = "PutResourcePolicy " + std::string(in.resource_arn);
  if (auto refused =
          ctx.environment.gaps.note(where, "Policy", "Policies are kept and shown, not enforced."))
    return *std::move(refused);
  resource->policy().put(std::string(in.policy));
  return {};
}

}  // namespace

extern const Operation kPutResourcePolicy = operation<&put_resource_policy>("PutResourcePolicy");

}  // namespace hydrant::kinesis
