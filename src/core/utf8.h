// UTF-8, as far as the services look at characters.
#pragma once
#include <cstddef>
#include <string_view>

namespace hydrant {

// Bytes of the well-formed sequence at `at` (1..4), or 0 if there is none.
std::size_t utf8_length_at(std::string_view text, std::size_t at);

bool is_utf8(std::string_view text);

// Length in UTF-16 units, which is what the services call the length of a string (they are Java).
std::size_t utf16_length(std::string_view text);

}  // namespace hydrant
