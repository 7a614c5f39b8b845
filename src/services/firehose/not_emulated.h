// What AWS does with a destination and hydrant does not do yet: it is taken and noted, or refused
// where that is asked for (--strict).
#pragma once
#include <optional>
#include <string>

#include "aws/document.h"
#include "aws/error.h"
#include "aws/gap_sink.h"
#include "services/firehose/destination_choice.h"

namespace hydrant::firehose {

// Notes what the destination that `where` asks for sets without effect.
std::optional<aws::Error> note_destination_gaps(aws::GapSink& gaps, const std::string& where,
                                                const DestinationChoice& choice,
                                                const aws::Json& given);

}  // namespace hydrant::firehose
