#include <algorithm>

#include "services/firehose/destinations/destination_type.h"
#include "services/firehose/json_access.h"

namespace hydrant::firehose {
namespace {

using aws::Error;
using aws::Json;

constexpr std::string_view kMembers[] = {"DestinationTableConfigurationList",
                                         "SchemaEvolutionConfiguration",
                                         "TableCreationConfiguration",
                                         "BufferingHints",
                                         "CloudWatchLoggingOptions",
                                         "ProcessingConfiguration",
                                         "S3BackupMode",
                                         "RetryOptions",
                                         "RoleARN",
                                         "AppendOnly",
                                         "CatalogConfiguration",
                                         "S3DestinationDescription"};
constexpr std::string_view kDefaults = R"({
    "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 300},
    "S3BackupMode": "FailedDataOnly",
    "RetryOptions": {"DurationInSeconds": 300},
    "AppendOnly": false})";

// Whether something says of each record which table it goes to.
bool routes(const Json& members) {
  if (!is_enabled(members, "ProcessingConfiguration")) return false;
  const auto processors = processors_of(members["ProcessingConfiguration"]);
  return std::ranges::any_of(processors, [](const Processor& processor) {
    return processor.type == "Lambda" || processor.type == "MetadataExtraction";
  });
}

std::optional<Error> check(const Json& members, const Terms&) {
  if (text_of(members, "S3BackupMode") == "AllData")
    return Error::invalid_argument(
        "S3BackupMode.AllData is not supported for Iceberg as destination.");
  const auto* tables = member(members, "DestinationTableConfigurationList");
  if (routes(members) || (tables != nullptr && tables->size() == 1)) return std::nullopt;
  return Error::invalid_argument(
      "A single default destination table configuration must be provided when both Lambda and "
      "MetadataExtraction processors are not provided");
}

}  // namespace

const DestinationType kIceberg{"Iceberg", kMembers, {}, kDefaults, &check, {}, true};

}  // namespace hydrant::firehose
