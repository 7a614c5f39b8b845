// OpenSearch, serverless or not, and what it was called before.
#include "services/firehose/destinations/destination_type.h"
#include "services/firehose/json_access.h"

namespace hydrant::firehose {
namespace {

using aws::Error;
using aws::Json;

constexpr std::string_view kDomainMembers[] = {"RoleARN",
                                               "DomainARN",
                                               "ClusterEndpoint",
                                               "IndexName",
                                               "TypeName",
                                               "IndexRotationPeriod",
                                               "BufferingHints",
                                               "RetryOptions",
                                               "S3BackupMode",
                                               "S3DestinationDescription",
                                               "ProcessingConfiguration",
                                               "CloudWatchLoggingOptions",
                                               "VpcConfigurationDescription",
                                               "DocumentIdOptions"};
constexpr std::string_view kServerlessMembers[] = {"RoleARN",
                                                   "CollectionEndpoint",
                                                   "IndexName",
                                                   "BufferingHints",
                                                   "RetryOptions",
                                                   "S3BackupMode",
                                                   "S3DestinationDescription",
                                                   "ProcessingConfiguration",
                                                   "CloudWatchLoggingOptions",
                                                   "VpcConfigurationDescription"};
constexpr std::string_view kDomainDefaults = R"({
    "IndexRotationPeriod": "OneDay",
    "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 300},
    "RetryOptions": {"DurationInSeconds": 300},
    "S3BackupMode": "FailedDocumentsOnly",
    "DocumentIdOptions": {"DefaultDocumentIdFormat": "FIREHOSE_DEFAULT"}})";
constexpr std::string_view kServerlessDefaults = R"({
    "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 300},
    "RetryOptions": {"DurationInSeconds": 300},
    "S3BackupMode": "FailedDocumentsOnly"})";

std::optional<Error> check_domain(const Json& members, const Terms&) {
  const bool has_endpoint = members.contains("ClusterEndpoint");
  const bool has_domain = members.contains("DomainARN");
  if (has_endpoint && has_domain)
    return Error::invalid_argument(
        "Cannot provide both Elasticsearch cluster endpoint and domain ARN. Provide either the "
        "cluster endpoint or domain arn. Must specify cluster endpoint for cross account "
        "elasticsearch cluster.");
  if (!has_endpoint && !has_domain)
    return Error::invalid_argument(
        "Provide either the Elasticsearch cluster endpoint or domain arn. Must specify cluster "
        "endpoint for cross account Elasticsearch cluster.");
  return std::nullopt;
}

// Which version a domain runs is not known here; that of the newer destination is never an old one.
std::optional<Error> check_newer_domain(const Json& members, const Terms& terms) {
  if (auto error = check_domain(members, terms)) return error;
  if (text_of(members, "TypeName").empty()) return std::nullopt;
  return Error::invalid_argument(
      "Types are deprecated in Elasticsearch version 7+ and all OpenSearch versions. TypeName must "
      "be empty.");
}

std::optional<Error> check_serverless(const Json& members, const Terms&) {
  if (members.contains("CollectionEndpoint")) return std::nullopt;
  return Error::invalid_argument(
      "Must specify collection endpoint for delivery to OpenSearch serverless.");
}

}  // namespace

const DestinationType kElasticsearch{
    "Elasticsearch", kDomainMembers, {}, kDomainDefaults, &check_domain};
const DestinationType kOpenSearchService{
    "Amazonopensearchservice", kDomainMembers, {}, kDomainDefaults, &check_newer_domain};
const DestinationType kOpenSearchServerless{
    "AmazonOpenSearchServerless", kServerlessMembers, {}, kServerlessDefaults, &check_serverless};

}  // namespace hydrant::firehose
