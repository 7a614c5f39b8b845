#include "services/firehose/destinations/destination_type.h"
#include "services/firehose/json_access.h"

namespace hydrant::firehose {
namespace {

using aws::Error;
using aws::Json;
using Verdict = std::optional<Error>;

constexpr std::string_view kMembers[] = {"AccountUrl",
                                         "PrivateKey",
                                         "KeyPassphrase",
                                         "User",
                                         "Database",
                                         "Schema",
                                         "Table",
                                         "SnowflakeRoleConfiguration",
                                         "DataLoadingOption",
                                         "MetaDataColumnName",
                                         "ContentColumnName",
                                         "SnowflakeVpcConfiguration",
                                         "CloudWatchLoggingOptions",
                                         "ProcessingConfiguration",
                                         "RoleARN",
                                         "RetryOptions",
                                         "S3BackupMode",
                                         "S3DestinationDescription",
                                         "SecretsManagerConfiguration",
                                         "BufferingHints"};
constexpr std::string_view kDefaults = R"({
    "DataLoadingOption": "JSON_MAPPING",
    "RetryOptions": {"DurationInSeconds": 60},
    "S3BackupMode": "FailedDataOnly",
    "BufferingHints": {"SizeInMBs": 128, "IntervalInSeconds": 0}})";
constexpr std::string_view kSecrets[] = {"PrivateKey", "KeyPassphrase"};

Verdict check_credentials(const Json& members, const Terms& terms) {
  if (auto error = check_secret(members, terms)) return error;
  for (const auto* needed : {"User", "PrivateKey"})
    if (!uses_secret(members) && !members.contains(needed))
      return Error::invalid_argument(std::string(needed) + " must be provided.");
  return std::nullopt;
}

Verdict check_columns(const Json& members) {
  const bool has_content = members.contains("ContentColumnName");
  const bool has_metadata = members.contains("MetaDataColumnName");
  const auto option = text_of(members, "DataLoadingOption");
  if (option == "VARIANT_CONTENT_AND_METADATA_MAPPING") {
    if (has_content && has_metadata) return std::nullopt;
    return Error::invalid_argument(
        "Must provide ContentColumnName and MetadataColumnName when Data Loading Option is "
        "VARIANT_CONTENT_AND_METADATA_MAPPING.");
  }
  if (option == "VARIANT_CONTENT_MAPPING") {
    if (!has_content)
      return Error::invalid_argument(
          "Must provide ContentColumnName when Data Loading Option is VARIANT_CONTENT_MAPPING.");
    if (!has_metadata) return std::nullopt;
    return Error::invalid_argument(
        "Can't configure MetadataColumnName when Data Loading Option is not "
        "VARIANT_CONTENT_AND_METADATA_MAPPING");
  }
  if (!has_content && !has_metadata) return std::nullopt;
  return Error::invalid_argument(
      "Can't configure " + std::string(has_content ? "ContentColumnName" : "MetadataColumnName") +
      " when Data Loading Option is not VARIANT_CONTENT_MAPPING or "
      "VARIANT_CONTENT_AND_METADATA_MAPPING");
}

Verdict check(const Json& members, const Terms& terms) {
  if (auto error = check_credentials(members, terms)) return error;
  if (const auto* role = member(members, "SnowflakeRoleConfiguration")) {
    if (flag_of(*role, "Enabled") && !role->contains("SnowflakeRole"))
      return Error::invalid_argument(
          "Must provide SnowflakeRole when SnowflakeRoleConfiguration is enabled.");
  }
  return check_columns(members);
}

}  // namespace

const DestinationType kSnowflake{"Snowflake", kMembers, kSecrets,
                                 kDefaults,   &check,   {"0.25", "30"}};

}  // namespace hydrant::firehose
