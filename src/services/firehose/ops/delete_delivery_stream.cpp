// DeleteDeliveryStream. What is buffered is discarded, as on AWS.
#include "services/firehose/operation.h"

namespace hydrant::firehose {
namespace {

struct Input {
  Text delivery_stream_name;
  std::optional<bool> allow_force_delete;  // about grants on KMS keys, of which there are none

  static constexpr auto shape() {
    return fields(field("DeliveryStreamName", &Input::delivery_stream_name, kDeliveryStreamName),
                  field("AllowForceDelete", &Input::allow_force_delete));
  }
};

Result<void> delete_delivery_stream(Context& ctx, const Input& in, Writer&) {
  const auto id = ctx.identify(in.delivery_stream_name);
  const auto stream = ctx.environment.registry.find(id);
  if (!stream) return not_found(id);
  if (stream->status() == delivery::DeliveryStatus::creating)
    return in_state(id, "CREATING", "deleted");
  if (!ctx.environment.registry.remove(id)) return not_found(id);
  return {};
}

}  // namespace

extern const Operation kDeleteDeliveryStream =
    operation<&delete_delivery_stream>("DeleteDeliveryStream");

}  // namespace hydrant::firehose
