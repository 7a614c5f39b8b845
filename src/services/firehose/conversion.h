// The rules of DataFormatConversionConfiguration.
#pragma once
#include <optional>

#include "aws/document.h"
#include "aws/error.h"

namespace hydrant::firehose {

// It is on unless it says otherwise.
bool converts(const aws::Json& description);

std::optional<aws::Error> check_conversion(const aws::Json& description);

}  // namespace hydrant::firehose
