#include "services/firehose/destinations/destination_type.h"
#include "services/firehose/json_access.h"
#include "services/firehose/s3_target.h"

namespace hydrant::firehose {
namespace {

using aws::Error;
using aws::Json;

constexpr std::string_view kMembers[] = {"RoleARN",
                                         "ClusterJDBCURL",
                                         "CopyCommand",
                                         "Username",
                                         "Password",
                                         "RetryOptions",
                                         "S3DestinationDescription",
                                         "ProcessingConfiguration",
                                         "S3BackupMode",
                                         "S3BackupDescription",
                                         "CloudWatchLoggingOptions",
                                         "SecretsManagerConfiguration"};
constexpr std::string_view kDefaults =
    R"({"RetryOptions": {"DurationInSeconds": 3600}, "S3BackupMode": "Disabled"})";
constexpr std::string_view kSecrets[] = {"Password"};

bool has_plain_prefix(const Json& place) {
  return text_of(place, "Prefix").find("!{") == std::string::npos &&
         text_of(place, "ErrorOutputPrefix").empty();
}

std::optional<Error> check(const Json& members, const Terms& terms) {
  const Json& s3 = *member(members, "S3DestinationDescription");
  const auto format = text_of(s3, "CompressionFormat");
  if (format != "UNCOMPRESSED" && format != "GZIP")
    return Error::invalid_argument(
        "Only the following compression formats are allowed when using Redshift: [UNCOMPRESSED, "
        "GZIP]");
  if (auto error = check_secret(members, terms)) return error;
  for (const auto* needed : {"Password", "Username"})
    if (!uses_secret(members) && !members.contains(needed))
      return Error::invalid_argument("Redshift Database " + std::string(needed) +
                                     " is required for Redshift Destination");
  const auto* backup = member(members, "S3BackupDescription");
  if (has_plain_prefix(s3) && (backup == nullptr || has_plain_prefix(*backup))) return std::nullopt;
  return refused_prefix(
      "Prefix Expressions or ErrorOutputPrefix is currently not supported for this destination");
}

}  // namespace

const DestinationType kRedshift{"Redshift", kMembers, kSecrets, kDefaults, &check};

}  // namespace hydrant::firehose
