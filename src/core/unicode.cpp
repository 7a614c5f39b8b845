#include "core/unicode.h"

#include <algorithm>
#include <iterator>

namespace hydrant {
namespace {

struct Range {
  char32_t first, last;
};

constexpr Range kLettersNumbersSpaces[] = {
#include "core/unicode_table.inc"
};

}  // namespace

bool is_letter_number_or_space(char32_t code_point) {
  const auto* range = std::ranges::lower_bound(kLettersNumbersSpaces, code_point, {}, &Range::last);
  return range != std::end(kLettersNumbersSpaces) && range->first <= code_point;
}

char32_t code_point_at(std::string_view text, std::size_t at, std::size_t length) {
  constexpr unsigned kLeadBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t value = static_cast<unsigned char>(text[at]) & kLeadBits[length];
  for (std::size_t i = 1; i < length; ++i)
    value = value << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3F);
  return value;
}

}  // namespace hydrant
