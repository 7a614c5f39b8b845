// StopDeliveryStreamEncryption. What is not encrypted stays as it is.
#include "services/firehose/operation.h"

namespace hydrant::firehose {
namespace {

struct Input {
  Text delivery_stream_name;

  static constexpr auto shape() {
    return fields(field("DeliveryStreamName", &Input::delivery_stream_name, kDeliveryStreamName));
  }
};

Result<void> stop_delivery_stream_encryption(Context& ctx, const Input& in, Writer&) {
  const auto stream = find_for_encryption(ctx, in.delivery_stream_name);
  if (!stream) return stream.error();
  if (auto refused = admit_encryption_change(ctx, **stream)) return *std::move(refused);
  Attachment::of(**stream).encryption().disable(ctx.environment.clock.now() +
                                                ctx.environment.encryption_delay);
  return {};
}

}  // namespace

extern const Operation kStopDeliveryStreamEncryption =
    operation<&stop_delivery_stream_encryption>("StopDeliveryStreamEncryption");

}  // namespace hydrant::firehose
