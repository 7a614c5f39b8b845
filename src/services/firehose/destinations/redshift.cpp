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

bool has_expression(const Json& place) {
  const auto is_in = [&](const char* name) {
    return text_of(place, name).find("!{") != std::string::npos;
  };
  return is_in("Prefix") || is_in("ErrorOutputPrefix");
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
  const bool backs_up_by_expression = backup != nullptr && has_expression(*backup);
  const bool has_error_output = !text_of(s3, "ErrorOutputPrefix").empty();
  if (!has_expression(s3) && !has_error_output && !backs_up_by_expression) return std::nullopt;
  return refused_prefix(
      "Prefix Expressions or ErrorOutputPrefix is currently not supported for this destination");
}

}  // namespace

const DestinationType kRedshift{"Redshift", kMembers, kSecrets, kDefaults, &check};

}  // namespace hydrant::firehose
