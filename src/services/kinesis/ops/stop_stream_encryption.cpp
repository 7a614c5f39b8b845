// StopStreamEncryption. Records that were put encrypted stay so.
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

constexpr std::string_view kTypes[] = {"NONE", "KMS"};

struct Input {
  std::optional<Text> stream_name;
  Text encryption_type, key_id;
  std::optional<Text> stream_arn, stream_id;

  static constexpr auto shape() {
    return fields(field("StreamName", &Input::stream_name, kStreamName),
                  field("EncryptionType", &Input::encryption_type, one_of(kTypes)),
                  field("KeyId", &Input::key_id, length(1, 2048)),
                  field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> stop_stream_encryption(Context& ctx, const Input& in, Writer&) {
  const auto stream = ctx.find(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();
  if (in.encryption_type != "KMS")
    return Error::invalid_argument("EncryptionType must be KMS to stop encryption.");
  if (auto error = check_active(**stream)) return *std::move(error);
  if (!(*stream)->settings().kms_key_id) return {};
  if (auto error = ctx.admit_change(**stream)) return *std::move(error);
  const auto stop = [](streams::StreamSettings& settings) { settings.kms_key_id.reset(); };
  if (!ctx.environment.registry.update(
          *stream, [stop](streams::Stream& target) { target.change_settings(stop); }))
    return not_active((*stream)->id(), (*stream)->status());
  return {};
}

}  // namespace

extern const Operation kStopStreamEncryption =
    operation<&stop_stream_encryption>("StopStreamEncryption");

}  // namespace hydrant::kinesis
