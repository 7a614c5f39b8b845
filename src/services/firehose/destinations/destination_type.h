// The destinations other than S3, told rather than programmed: what each keeps and shows, what it
// fills in, and the rules of its own.
#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "aws/document.h"
#include "aws/error.h"
#include "services/firehose/destination.h"
#include "services/firehose/processing.h"

namespace hydrant::firehose {

struct DestinationType {
  std::string_view kind;                      // "Splunk"
  std::span<const std::string_view> members;  // all that is kept, in the order of descriptions
  std::span<const std::string_view> secrets;  // of these, what is not shown: "A", or "A.B" within A
  std::string_view defaults;                  // a document: what is filled in
  // After the defaults.
  std::optional<aws::Error> (*check)(const aws::Json& members, const Terms& terms);
  LambdaBuffer lambda_buffer = {};
  bool routes_by_query = false;  // MetadataExtraction needs no dynamic partitioning
};

// `kind` is one of the kinds that are not in S3.
const DestinationType& destination_type(std::string_view kind);

aws::Result<Configured> configure_other(const DestinationType& type, const aws::Json& configuration,
                                        const Terms& terms);
aws::Result<Configured> update_other(const DestinationType& type, const aws::Json& members,
                                     const aws::Json& update, const Terms& terms);
aws::Json describe_other(const DestinationType& type, const aws::Json& members);

// Shared by several: whether credentials are kept by Secrets Manager, and the rules about that.
bool uses_secret(const aws::Json& members);
std::optional<aws::Error> check_secret(const aws::Json& members, const Terms& terms);

// One file each.
extern const DestinationType kRedshift, kElasticsearch, kOpenSearchService, kOpenSearchServerless,
    kSplunk, kHttpEndpoint, kSnowflake, kIceberg;

}  // namespace hydrant::firehose
