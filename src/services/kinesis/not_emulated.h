// What AWS does with members that several operations have and hydrant does not do: they are taken
// and noted, or refused where that is asked for (--strict).
#pragma once
#include <optional>

#include "aws/error.h"
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {

// DryRun of a call to `stream`. The service only says whether it would have carried out the
// request; here it is carried out.
std::optional<Error> note_dry_run(const Context& ctx, std::optional<bool> given,
                                  const streams::StreamId& stream);

// StreamCreationTimestamp, which tells a stream from an earlier one of its name. Here there is only
// the one; a time that is its own, to the second, has all the effect that it can have.
std::optional<Error> note_creation_timestamp(const Context& ctx, std::optional<TimePoint> given,
                                             const streams::Stream& stream);

}  // namespace hydrant::kinesis
