// JSON that simdjson does not read, made such that it does: numbers that are larger than a machine
// has them, and escapes of half a surrogate pair. The service's parser takes both.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace hydrant::delivery::transform {

// Every number is replaced by its place in `json`, from where number_at() reads it, and half a
// surrogate pair by U+FFFD. What is wrong with any other text stays wrong.
std::string mended_json(std::string_view json);

// The text of the number that begins at `place`: of one that simdjson reads, as simdjson writes it;
// of one that it does not, as it stands there.
std::string number_at(std::string_view json, std::size_t place);

}  // namespace hydrant::delivery::transform
