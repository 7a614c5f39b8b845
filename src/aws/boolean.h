// The words that the service's JSON parser takes for a boolean, as it takes no number.
#pragma once
#include <optional>
#include <string_view>

#include "net/message.h"

namespace hydrant::aws {

inline std::optional<bool> boolean_of(std::string_view text) {
  for (const auto word : {"true", "1", "yes"})
    if (net::equals_ignoring_case(text, word)) return true;
  for (const auto word : {"false", "0", "no"})
    if (net::equals_ignoring_case(text, word)) return false;
  return std::nullopt;
}

}  // namespace hydrant::aws
