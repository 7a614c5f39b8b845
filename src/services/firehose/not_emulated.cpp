#include "services/firehose/not_emulated.h"

#include "services/firehose/conversion.h"
#include "services/firehose/json_access.h"
#include "services/firehose/processing.h"

namespace hydrant::firehose {
namespace {

using aws::Error;
using aws::Json;

Error not_yet(const std::string& sentence) { return Error::invalid_argument(sentence); }

std::optional<Error> find_in_processing(const Json& members) {
  if (!is_enabled(members, "ProcessingConfiguration")) return std::nullopt;
  for (const auto& processor : processors_of(members["ProcessingConfiguration"])) {
    if (processor.type == "Lambda" || processor.type == "AppendDelimiterToRecord") continue;
    return not_yet("hydrant does not run processors of type " + processor.type +
                   " yet, only Lambda and AppendDelimiterToRecord.");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Error> find_not_emulated(const Json& members) {
  if (is_enabled(members, "DynamicPartitioningConfiguration"))
    return not_yet("hydrant does not partition records dynamically yet.");
  if (converts(members)) return not_yet("hydrant does not convert record formats yet.");
  if (auto error = find_in_processing(members)) return error;
  const auto compression = text_of(members, "CompressionFormat");
  if (compression != "UNCOMPRESSED" && compression != "GZIP")
    return not_yet("hydrant does not compress as " + compression +
                   " yet, only as GZIP or not at all.");
  if (text_of(members, "S3BackupMode") == "Enabled")
    return not_yet("hydrant does not back up source records yet.");
  const auto zone = text_of(members, "CustomTimeZone");
  if (!zone.empty() && zone != "UTC")
    return not_yet("hydrant does not name objects by the time of " + zone + " yet, only by UTC.");
  return std::nullopt;
}

std::optional<Error> note_s3_gaps(aws::GapSink& gaps, const std::string& where,
                                  const std::string& path, const Json& given) {
  const auto* encryption = member(given, "EncryptionConfiguration");
  if (encryption != nullptr && encryption->contains("KMSEncryptionConfig")) {
    if (auto refused = gaps.note(where, path + ".EncryptionConfiguration.KMSEncryptionConfig",
                                 "Objects are written without encryption."))
      return refused;
  }
  if (is_enabled(given, "CloudWatchLoggingOptions"))
    return gaps.note(where, path + ".CloudWatchLoggingOptions",
                     "Delivery errors go to hydrant's own log.");
  return std::nullopt;
}

}  // namespace hydrant::firehose
