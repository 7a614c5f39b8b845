// What AWS does with a destination and hydrant does not do yet. A setting whose absence would
// change the bytes that are delivered is refused; a harmless one is taken and noted.
#pragma once
#include <optional>
#include <string>

#include "aws/document.h"
#include "aws/error.h"
#include "aws/gap_sink.h"

namespace hydrant::firehose {

// Of an S3 destination with its defaults filled in.
std::optional<aws::Error> find_not_emulated(const aws::Json& members);

// Notes what `given`, at `path` of the request `where`, sets without effect.
std::optional<aws::Error> note_s3_gaps(aws::GapSink& gaps, const std::string& where,
                                       const std::string& path, const aws::Json& given);

}  // namespace hydrant::firehose
