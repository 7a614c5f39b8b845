// The S3 destinations. Create and update take the same members, but only Create requires any.
#pragma once
#include "aws/document.h"

namespace hydrant::firehose::shapes {

const aws::Shape* s3_destination_configuration();
const aws::Shape* s3_destination_update();
const aws::Shape* extended_s3_destination_configuration();
const aws::Shape* extended_s3_destination_update();

}  // namespace hydrant::firehose::shapes
