// StartDeliveryStreamEncryption. The status changes behind the reply; a key that cannot be had ends
// in ENABLING_FAILED. It may be called again, for another key.
#include "services/firehose/json_access.h"
#include "services/firehose/operation.h"
#include "services/firehose/shapes/requests.h"

namespace hydrant::firehose {
namespace {

constexpr Text kInput = "DeliveryStreamEncryptionConfigurationInput";

Result<void> start_delivery_stream_encryption(Context& ctx, const Json& in, Writer&) {
  const auto stream = find_for_encryption(ctx, text_of(in, "DeliveryStreamName"));
  if (!stream) return stream.error();
  const auto key = key_of(ctx, member(in, kInput));
  if (!key) return key.error();
  if (auto refused = admit_encryption_change(ctx, **stream)) return *std::move(refused);
  if (auto refused = ctx.environment.gaps.note(
          "StartDeliveryStreamEncryption " + (*stream)->id().name, std::string(kInput),
          "Records are marked, not encrypted; the key is not looked up."))
    return *std::move(refused);
  const auto done = ctx.environment.clock.now() + ctx.environment.encryption_delay;
  Attachment::of(**stream).encryption().enable(*key, grant_failure(ctx, *key), done);
  return {};
}

}  // namespace

extern const Operation kStartDeliveryStreamEncryption =
    aws::document_operation<&start_delivery_stream_encryption,
                            &shapes::start_delivery_stream_encryption>(
        "StartDeliveryStreamEncryption");

}  // namespace hydrant::firehose
