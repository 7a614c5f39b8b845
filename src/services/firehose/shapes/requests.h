// The inputs of the operations that carry a destination or a key.
#pragma once
#include <span>
#include <string_view>

#include "aws/document.h"

namespace hydrant::firehose::shapes {

// A kind of destination: "Splunk" stands for SplunkDestinationConfiguration and
// SplunkDestinationUpdate.
inline constexpr std::string_view kS3 = "S3", kExtendedS3 = "ExtendedS3";
inline constexpr std::string_view kDestinationKinds[] = {kS3,
                                                         kExtendedS3,
                                                         "Redshift",
                                                         "Elasticsearch",
                                                         "Amazonopensearchservice",
                                                         "Splunk",
                                                         "HttpEndpoint",
                                                         "AmazonOpenSearchServerless",
                                                         "Snowflake",
                                                         "Iceberg"};

const aws::Shape& create_delivery_stream();
const aws::Shape& update_destination();
const aws::Shape& start_delivery_stream_encryption();
const aws::Shape& tag_delivery_stream();

// Of a kind of destination that an update turns to: an update's members, and as many of them
// required as Create requires. `kind`: one that can be turned to.
const aws::Shape* complete_update(std::string_view kind);

}  // namespace hydrant::firehose::shapes
