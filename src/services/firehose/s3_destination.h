// A destination in S3, given plain or extended.
#pragma once
#include "aws/document.h"
#include "aws/error.h"
#include "services/firehose/destination.h"

namespace hydrant::firehose {

// `configuration`: S3DestinationConfiguration or the extended one, its shape checked.
aws::Result<Configured> configure_s3(const aws::Json& configuration, const Terms& terms);

// `update`: S3DestinationUpdate or the extended one. What it leaves out stays as in `description`.
aws::Result<Configured> update_s3(const aws::Json& description, const aws::Json& update,
                                  const Terms& terms);

// The part of it that S3DestinationDescription has room for.
aws::Json plain_s3_description(const aws::Json& description);

}  // namespace hydrant::firehose
