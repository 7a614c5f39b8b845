#include <set>

#include "services/firehose/destinations/destination_type.h"
#include "services/firehose/json_access.h"

namespace hydrant::firehose {
namespace {

using aws::Error;
using aws::Json;

constexpr std::string_view kMembers[] = {"EndpointConfiguration",
                                         "BufferingHints",
                                         "CloudWatchLoggingOptions",
                                         "RequestConfiguration",
                                         "ProcessingConfiguration",
                                         "RoleARN",
                                         "RetryOptions",
                                         "S3BackupMode",
                                         "S3DestinationDescription",
                                         "SecretsManagerConfiguration"};
constexpr std::string_view kDefaults = R"({
    "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 300},
    "RequestConfiguration": {"ContentEncoding": "NONE", "CommonAttributes": []},
    "RetryOptions": {"DurationInSeconds": 300},
    "S3BackupMode": "FailedDataOnly"})";
constexpr std::string_view kSecrets[] = {"EndpointConfiguration.AccessKey"};

std::optional<Error> check(const Json& members, const Terms& terms) {
  std::set<std::string> names;
  for (const auto& attribute : members["RequestConfiguration"]["CommonAttributes"]) {
    const auto name = text_of(attribute, "AttributeName");
    if (!names.insert(name).second)
      return Error::invalid_argument("Http Endpoint Common Attributes have duplicate name " + name +
                                     ".");
  }
  return check_secret(members, terms);
}

}  // namespace

const DestinationType kHttpEndpoint{"HttpEndpoint", kMembers, kSecrets, kDefaults, &check};

}  // namespace hydrant::firehose
