#include "services/firehose/not_emulated.h"

#include "services/firehose/conversion.h"
#include "services/firehose/json_access.h"
#include "services/firehose/shapes/requests.h"

namespace hydrant::firehose {
namespace {

using aws::Error;
using aws::Json;

std::optional<Error> note_encryption(aws::GapSink& gaps, const std::string& where,
                                     const std::string& path, const Json& place) {
  const auto* encryption = member(place, "EncryptionConfiguration");
  if (encryption == nullptr || !encryption->contains("KMSEncryptionConfig")) return std::nullopt;
  return gaps.note(where, path + ".EncryptionConfiguration.KMSEncryptionConfig",
                   "Objects are written without encryption.");
}

}  // namespace

std::optional<Error> note_destination_gaps(aws::GapSink& gaps, const std::string& where,
                                           const DestinationChoice& choice, const Json& given) {
  if (choice.kind != shapes::kS3 && choice.kind != shapes::kExtendedS3) {
    if (auto refused = gaps.note(where, choice.member,
                                 "Records are written to the destination's S3 bucket instead."))
      return refused;
  }
  if (auto refused = note_encryption(gaps, where, choice.member, given)) return refused;
  for (const auto* name :
       {"S3Configuration", "S3Update", "S3BackupConfiguration", "S3BackupUpdate"}) {
    const auto* place = member(given, name);
    if (place == nullptr) continue;
    if (auto refused = note_encryption(gaps, where, choice.member + "." + name, *place))
      return refused;
  }
  if (!converts(given)) return std::nullopt;
  return gaps.note(where, choice.member + ".DataFormatConversionConfiguration",
                   "Records are written as they are, in JSON.");
}

}  // namespace hydrant::firehose
