// What can be told of a jq query from its text. libjq has a parser but does not show what it
// parsed.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::delivery {

// The names of the keys that the query is sure to make, as far as its text tells: those of the
// object at its end, without the ones that are worked out as it runs. Any text.
std::vector<std::string> keys_of_query(std::string_view query);

// Whether each bracket is closed by one of its kind, and none that is not open. Any text.
bool has_paired_brackets(std::string_view query);

}  // namespace hydrant::delivery
