// The configuration file as JSON, and what can be said of its places before anything is made of it.
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "aws/document.h"
#include "server/options.h"

namespace hydrant::server {

// The text as a JSON object, comments allowed. A syntax error names line and column; a key that
// comes twice and a number that is too large name their place.
Parsed<nlohmann::json> parse_document(const std::string& text, const std::string& path);

// The first key, at `path` or below, that is no member of the shape, as a sentence. A request may
// have such members, which the service ignores; in a file they are slips.
std::optional<std::string> unknown_member(const nlohmann::json& value, const aws::Shape& shape,
                                          const std::string& path);

// "; did you mean Prefix?", or nothing if none of the names is within reach.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& names);

}  // namespace hydrant::server
