// KMS keys that refuse to work, so that a client's handling of it can be tested. Every other key
// works.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "engine/streams/stream.h"

namespace hydrant::kinesis {

enum class KeyState {
  access_denied,
  disabled,
  invalid_state,
  not_found,
  opt_in_required,
  throttled
};

// By the KeyId as it stands in StartStreamEncryption. Never changes after the start.
using KmsKeys = std::map<std::string, KeyState, std::less<>>;

// "AccessDenied", "Disabled", ...; none if it is no such word.
std::optional<KeyState> key_state_of(std::string_view word);

// What KMS says, through Kinesis, to a caller who wants to use the key: writing asks for
// "GenerateDataKey", reading for "Decrypt". None if it works.
std::optional<aws::Error> key_refusal(const KmsKeys& keys, const std::string& key_id,
                                      const streams::StreamId& id, std::string_view action);

}  // namespace hydrant::kinesis
