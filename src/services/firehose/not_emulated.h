// What AWS does with a destination and hydrant does not do yet: it is taken and noted, or refused
// where that is asked for (--strict).
#pragma once
#include <optional>
#include <string>

#include "aws/document.h"
#include "aws/error.h"
#include "aws/gap_sink.h"

namespace hydrant::firehose {

// Notes what `given`, at `path` of the request `where`, sets without effect.
std::optional<aws::Error> note_s3_gaps(aws::GapSink& gaps, const std::string& where,
                                       const std::string& path, const aws::Json& given);

}  // namespace hydrant::firehose
