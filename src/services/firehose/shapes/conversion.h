// DataFormatConversionConfiguration.
#pragma once
#include "aws/document.h"

namespace hydrant::firehose::shapes {

const aws::Shape* data_format_conversion_configuration();

}  // namespace hydrant::firehose::shapes
