// StartStreamEncryption. Records that are there already stay as they are. The key is not looked up:
// there is no KMS here.
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

Result<void> start_stream_encryption(Context& ctx, const Input& in, Writer&) {
  const auto stream = ctx.find(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();
  if (in.encryption_type != "KMS")
    return Error::invalid_argument("EncryptionType must be KMS to start encryption.");
  if (auto error = check_active(**stream)) return *std::move(error);
  std::string key(in.key_id);
  if ((*stream)->settings().kms_key_id == key) return {};
  if (auto error = ctx.admit_change(**stream)) return *std::move(error);
  if (auto refused =
          ctx.environment.gaps.note("StartStreamEncryption " + (*stream)->id().name, "KeyId",
                                    "Records are marked, not encrypted; the key is not "
                                    "looked up."))
    return *std::move(refused);
  const auto encrypt = [key](streams::StreamSettings& settings) { settings.kms_key_id = key; };
  if (!ctx.environment.registry.update(
          *stream, [encrypt](streams::Stream& target) { target.change_settings(encrypt); }))
    return not_active((*stream)->id(), (*stream)->status());
  return {};
}

}  // namespace

extern const Operation kStartStreamEncryption =
    operation<&start_stream_encryption>("StartStreamEncryption");

}  // namespace hydrant::kinesis
