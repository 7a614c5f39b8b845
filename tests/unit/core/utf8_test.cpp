#include "core/utf8.h"

#include <gmock/gmock.h>

#include <string>

namespace hydrant {
namespace {

TEST(Utf8Test, WellFormedTextIsTaken) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8(std::string_view("a\0b", 3)));
  EXPECT_TRUE(is_utf8("\xC2\x80\xDF\xBF"));
  EXPECT_TRUE(is_utf8("\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"));
  EXPECT_TRUE(is_utf8("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"));
}

TEST(Utf8Test, OverlongFormsAreNot) {
  for (const std::string text : {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF"})
    EXPECT_FALSE(is_utf8(text));
}

TEST(Utf8Test, SurrogatesAreNot) {
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));
  EXPECT_FALSE(is_utf8("\xED\xBF\xBF"));
}

TEST(Utf8Test, NothingLiesBeyondTheLastCodePoint) {
  for (const std::string text : {"\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF"})
    EXPECT_FALSE(is_utf8(text));
}

TEST(Utf8Test, ASequenceIsComplete) {
  for (const std::string text :
       {"\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xE2\x82x", "\x80", "\xC3\xC3"})
    EXPECT_FALSE(is_utf8(text));
}

TEST(Utf8Test, TheLengthOfASequenceIsToldFromWhereItStarts) {
  const std::string text = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
  EXPECT_EQ(utf8_length_at(text, 0), 1U);
  EXPECT_EQ(utf8_length_at(text, 1), 2U);
  EXPECT_EQ(utf8_length_at(text, 3), 3U);
  EXPECT_EQ(utf8_length_at(text, 6), 4U);
  EXPECT_EQ(utf8_length_at(text, 7), 0U);
}

TEST(Utf8Test, LengthsAreCountedInUtf16Units) {
  EXPECT_EQ(utf16_length(""), 0U);
  EXPECT_EQ(utf16_length("abc"), 3U);
  EXPECT_EQ(utf16_length("\xC3\xA4\xE2\x82\xAC"), 2U);
  EXPECT_EQ(utf16_length("\xF0\x9F\x98\x80"), 2U);
}

}  // namespace
}  // namespace hydrant
