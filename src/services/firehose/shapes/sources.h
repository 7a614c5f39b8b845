// Where the records of a delivery stream come from.
#pragma once
#include "aws/document.h"

namespace hydrant::firehose::shapes {

const aws::Shape* direct_put_source();
const aws::Shape* kinesis_stream_source();
const aws::Shape* msk_source();
const aws::Shape* database_source();

}  // namespace hydrant::firehose::shapes
