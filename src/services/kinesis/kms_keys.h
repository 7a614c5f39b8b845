// Keys that refuse to work, in the errors of Kinesis.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "aws/kms_keys.h"
#include "engine/streams/stream.h"

namespace hydrant::kinesis {

// What a caller is told who wants to use the key: writing asks for "GenerateDataKey", reading for
// "Decrypt". None if it works.
std::optional<aws::Error> key_refusal(const aws::KmsKeys& keys, const std::string& key_id,
                                      const streams::StreamId& id, std::string_view action);

}  // namespace hydrant::kinesis
