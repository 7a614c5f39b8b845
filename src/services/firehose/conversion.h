// The rules of DataFormatConversionConfiguration.
#pragma once
#include <optional>
#include <string>

#include "aws/document.h"
#include "aws/error.h"

namespace hydrant::firehose {

// It is on unless it says otherwise.
bool converts(const aws::Json& description);

// `account`: the caller's, whose roles alone can be handed on.
std::optional<aws::Error> check_conversion(const aws::Json& description,
                                           const std::string& account);

}  // namespace hydrant::firehose
