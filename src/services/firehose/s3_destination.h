// An S3 destination: from what a request says of it to what Describe shows and the engine carries
// out.
#pragma once
#include "aws/document.h"
#include "aws/error.h"
#include "engine/delivery/settings.h"

namespace hydrant::firehose {

struct S3Destination {
  aws::Json description;  // ExtendedS3DestinationDescription, defaults and all
  delivery::S3Settings settings;
};

// `configuration`: S3DestinationConfiguration or the extended one, its shape checked.
aws::Result<S3Destination> configure_s3(const aws::Json& configuration, bool lenient_partitioning);

// `update`: S3DestinationUpdate or the extended one. What it leaves out stays as in `description`.
aws::Result<S3Destination> update_s3(const aws::Json& description, const aws::Json& update,
                                     bool lenient_partitioning);

// The part of it that S3DestinationDescription has room for.
aws::Json plain_s3_description(const aws::Json& description);

}  // namespace hydrant::firehose
