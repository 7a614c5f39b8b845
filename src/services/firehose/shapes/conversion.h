// DataFormatConversionConfiguration.
#pragma once
#include <optional>

#include "aws/document.h"
#include "aws/error.h"

namespace hydrant::firehose::shapes {

const aws::Shape* data_format_conversion_configuration();

// Of a whole request, before any rule: the role of its schema is looked at where the caller's right
// to hand it on is checked.
std::optional<aws::Error> check_schema_role(const aws::Json& request);

}  // namespace hydrant::firehose::shapes
