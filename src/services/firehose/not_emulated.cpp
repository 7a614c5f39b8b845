#include "services/firehose/not_emulated.h"

#include "services/firehose/conversion.h"
#include "services/firehose/json_access.h"

namespace hydrant::firehose {

using aws::Error;
using aws::Json;

std::optional<Error> note_s3_gaps(aws::GapSink& gaps, const std::string& where,
                                  const std::string& path, const Json& given) {
  const auto* encryption = member(given, "EncryptionConfiguration");
  if (encryption != nullptr && encryption->contains("KMSEncryptionConfig")) {
    if (auto refused = gaps.note(where, path + ".EncryptionConfiguration.KMSEncryptionConfig",
                                 "Objects are written without encryption."))
      return refused;
  }
  if (converts(given))
    return gaps.note(where, path + ".DataFormatConversionConfiguration",
                     "Records are written as they are, in JSON.");
  return std::nullopt;
}

}  // namespace hydrant::firehose
