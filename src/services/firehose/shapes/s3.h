// The S3 destinations. Create and update take the same members, but only Create and an update from
// another kind of destination require any.
#pragma once
#include "aws/document.h"

namespace hydrant::firehose::shapes {

const aws::Shape* s3_destination_configuration();
const aws::Shape* s3_destination_update();
const aws::Shape* extended_s3_destination_configuration();
const aws::Shape* extended_s3_destination_update();
const aws::Shape* complete_extended_s3_destination_update();

}  // namespace hydrant::firehose::shapes
