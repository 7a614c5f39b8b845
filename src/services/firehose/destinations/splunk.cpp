#include "services/firehose/destinations/destination_type.h"
#include "services/firehose/json_access.h"

namespace hydrant::firehose {
namespace {

using aws::Error;
using aws::Json;

constexpr std::string_view kMembers[] = {"HECEndpoint",
                                         "HECEndpointType",
                                         "HECToken",
                                         "HECAcknowledgmentTimeoutInSeconds",
                                         "RetryOptions",
                                         "S3BackupMode",
                                         "S3DestinationDescription",
                                         "ProcessingConfiguration",
                                         "CloudWatchLoggingOptions",
                                         "BufferingHints",
                                         "SecretsManagerConfiguration"};
constexpr std::string_view kDefaults = R"({
    "HECAcknowledgmentTimeoutInSeconds": 180,
    "RetryOptions": {"DurationInSeconds": 300},
    "S3BackupMode": "FailedEventsOnly",
    "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 60}})";

std::optional<Error> check(const Json& members, const Terms& terms) {
  constexpr std::string_view kScheme = "https://";
  const auto endpoint = text_of(members, "HECEndpoint");
  if (!endpoint.starts_with(kScheme) || endpoint.size() == kScheme.size())
    return Error::invalid_argument(
        "Invalid HECEndpoint. Supported endpoint format is https://<domain>:<port>.");
  if (auto error = check_secret(members, terms)) return error;
  if (uses_secret(members) || !text_of(members, "HECToken").empty()) return std::nullopt;
  return Error::invalid_argument("HECToken must be provided.");
}

}  // namespace

const DestinationType kSplunk{"Splunk", kMembers, {}, kDefaults, &check, {"0.25", "60"}};

}  // namespace hydrant::firehose
