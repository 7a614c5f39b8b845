#include "core/unicode.h"

#include <gmock/gmock.h>

#include <cstdint>

namespace hydrant {
namespace {

TEST(UnicodeTest, LettersOfAnyScriptAreLetters) {
  for (const char32_t letter : {U'a', U'Z', U'\u00ff', U'\u0416', U'\u65e5', U'\U00010400'})
    EXPECT_TRUE(is_letter_number_or_space(letter)) << std::uint32_t{letter};
}

TEST(UnicodeTest, NumbersAreThoseOfAnyScriptToo) {
  for (const char32_t number : {U'0', U'9', U'\u0663', U'\u2167', U'\u00bd'})
    EXPECT_TRUE(is_letter_number_or_space(number)) << std::uint32_t{number};
}

TEST(UnicodeTest, SpacesAreAndControlsAreNot) {
  for (const char32_t space : {U' ', U'\u00a0', U'\u3000', U'\u2028'})
    EXPECT_TRUE(is_letter_number_or_space(space)) << std::uint32_t{space};
  for (const char32_t control : {U'\0', U'\t', U'\n', U'\x7f', U'\x85'})
    EXPECT_FALSE(is_letter_number_or_space(control)) << std::uint32_t{control};
}

TEST(UnicodeTest, MarksSymbolsAndUnassignedPointsAreNot) {
  for (const char32_t other : {U'/', U':', U'@', U'[', U'`', U'{', U'\u00d7', U'\u0301', U'\u20ac',
                               U'\U0001f600', U'\U0010ffff'})
    EXPECT_FALSE(is_letter_number_or_space(other)) << std::uint32_t{other};
}

TEST(UnicodeTest, ACodePointIsReadFromItsSequence) {
  EXPECT_EQ(code_point_at("xa", 1, 1), U'a');
  EXPECT_EQ(code_point_at("\u00ff", 0, 2), U'\u00ff');
  EXPECT_EQ(code_point_at("\u65e5", 0, 3), U'\u65e5');
  EXPECT_EQ(code_point_at("\U00010400", 0, 4), U'\U00010400');
}

}  // namespace
}  // namespace hydrant
