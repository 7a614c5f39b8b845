#include "services/firehose/conversion.h"

#include <string>

#include "aws/arn.h"
#include "engine/delivery/date_pattern.h"
#include "services/firehose/json_access.h"
#include "services/firehose/rules.h"

namespace hydrant::firehose {
namespace {

using aws::Error;
using aws::Json;

constexpr std::string_view kConversion = "DataFormatConversionConfiguration";
constexpr std::int64_t kBufferSizeMinMb = 64;

Error must_not_be_null(std::string_view what) {
  return Error::invalid_argument(std::string(what) + " must not be null");
}

// Of the formats that a structure has room for, exactly one is to be there.
std::optional<Error> check_choice(const Json& parent, const char* name, const std::string& plural) {
  const auto* choice = member(parent, name);
  if (choice == nullptr || choice->empty()) return must_not_be_null(name);
  if (choice->size() == 1) return std::nullopt;
  return Error::invalid_argument("More than one " + plural + " specified. Only one may be chosen.");
}

std::optional<Error> check_schema(const Json& schema) {
  const std::pair<const char*, const char*> needed[] = {
      {"RoleARN", "RoleArn"}, {"DatabaseName", "DatabaseName"}, {"TableName", "TableName"}};
  for (const auto& [name, shown] : needed) {
    if (member(schema, name) == nullptr)
      return Error::invalid_argument("SchemaConfiguration." + std::string(shown) +
                                     " must not be null or empty");
  }
  return std::nullopt;
}

// Documented as patterns of Joda-Time; recorded: what is refused is what a prefix may not hold.
std::optional<Error> check_timestamp_formats(const Json& input) {
  const auto* hive = member(input["Deserializer"], "HiveJsonSerDe");
  const auto* formats = hive == nullptr ? nullptr : member(*hive, "TimestampFormats");
  if (formats == nullptr) return std::nullopt;
  std::string joined;
  bool good = true;
  for (const auto& format : *formats) {
    const auto& text = format.get_ref<const std::string&>();
    joined += (joined.empty() ? "" : ",") + text;
    good = good && (text == "millis" || delivery::valid_date_pattern(text));
  }
  if (good) return std::nullopt;
  return Error::invalid_argument(
      "Invalid deserializer option(s): One or more SerDe options are invalid for "
      "org.apache.hcatalog.data.JsonSerDe: [Key: timestamp.formats Value: " +
      joined + "]");
}

}  // namespace

bool converts(const Json& description) { return is_enabled(description, kConversion, true); }

std::optional<Error> check_conversion(const Json& description, const std::string& account) {
  if (!converts(description)) return std::nullopt;
  if (text_of(description, "CompressionFormat") != "UNCOMPRESSED")
    return Error::invalid_argument(
        "The S3 destination's compression format must be set to UNCOMPRESSED when data format "
        "conversion is enabled. To enable compression within the converted output format, set the "
        "appropriate serialization option in the output format configuration.");
  if (description["BufferingHints"]["SizeInMBs"].get<std::int64_t>() < kBufferSizeMinMb)
    return Error::invalid_argument(
        "BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled.");
  const Json& conversion = *member(description, kConversion);
  for (const auto* part :
       {"InputFormatConfiguration", "OutputFormatConfiguration", "SchemaConfiguration"})
    if (member(conversion, part) == nullptr) return must_not_be_null(part);
  if (auto error =
          check_choice(conversion["InputFormatConfiguration"], "Deserializer", "deserializer"))
    return error;
  if (auto error =
          check_choice(conversion["OutputFormatConfiguration"], "Serializer", "serializer"))
    return error;
  if (auto error = check_schema(conversion["SchemaConfiguration"])) return error;
  if (auto error = check_timestamp_formats(conversion["InputFormatConfiguration"])) return error;
  const auto arn = text_of(conversion["SchemaConfiguration"], "RoleARN");
  const auto role = aws::Arn::parse(arn);
  if (role && role->account == account) return std::nullopt;
  return Error("AccessDeniedException", "Cross-account pass role is not allowed.", 400, true);
}

}  // namespace hydrant::firehose
