// Properties of characters, for services that check them.
#pragma once
#include <cstddef>
#include <string_view>

namespace hydrant {

// General category L (letters), N (numbers) or Z (white space; not tabs and line feeds, which are
// controls). Marks, which go with a letter, are none of these.
bool is_letter_number_or_space(char32_t code_point);

// The character at `at`, whose sequence is well-formed and `length` bytes long (see utf8.h).
char32_t code_point_at(std::string_view text, std::size_t at, std::size_t length);

}  // namespace hydrant
