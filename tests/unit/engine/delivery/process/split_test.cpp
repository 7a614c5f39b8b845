// Where one record ends and the next begins, and what is no record at all.
#include "engine/delivery/process/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace hydrant::delivery {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Parts = std::vector<std::string_view>;

Parts json_parts(std::string_view record) {
  Parts parts{"left over"};
  EXPECT_TRUE(split_json(record, parts)) << record;
  return parts;
}

bool is_json(std::string_view record) {
  Parts parts{"left over"};
  const bool is_split = split_json(record, parts);
  EXPECT_EQ(parts.empty(), !is_split) << record;
  return is_split;
}

Parts delimited_parts(std::string_view record, std::string_view delimiter) {
  Parts parts{"left over"};
  split_delimited(record, delimiter, parts);
  return parts;
}

TEST(SplitJsonTest, TakesValuesApartAndKeepsTheirBytes) {
  EXPECT_THAT(json_parts(R"({"a": 1}{"b":"}"} )"
                         "\n\t\r {}"),
              ElementsAre(R"({"a": 1})", R"({"b":"}"})", "{}"));
}

TEST(SplitJsonTest, AnArrayIsOneValue) {
  EXPECT_THAT(json_parts(R"([{"a":1},{"b":2}][])"), ElementsAre(R"([{"a":1},{"b":2}])", "[]"));
}

TEST(SplitJsonTest, ScalarsAreValues) {
  EXPECT_THAT(json_parts("1 -0.5e+10\ntrue false null \"x\"\"y\"{}2"),
              ElementsAre("1", "-0.5e+10", "true", "false", "null", "\"x\"", "\"y\"", "{}", "2"));
}

TEST(SplitJsonTest, NumbersAndWordsEndAtWhiteSpaceOnly) {
  for (const auto* record : {"1{}", "truefalse", "null[]", "1\"x\"", "1,2", "0 1]", "12a"})
    EXPECT_FALSE(is_json(record)) << record;
}

TEST(SplitJsonTest, NothingIsNoValue) {
  EXPECT_FALSE(is_json(""));
  EXPECT_FALSE(is_json(" \n\t\r"));
}

TEST(SplitJsonTest, OneBrokenValueSpoilsAll) {
  for (const auto* record : {R"({"a":1}x)", R"({"a":1},{"b":2})", R"({"a":1}{"b":})", R"({"a":1}{)",
                             R"({}])", "{}\v{}", "{}\xa0{}", "{}\xef\xbb\xbf{}"})
    EXPECT_FALSE(is_json(record)) << record;
}

TEST(SplitJsonTest, KeepsToTheGrammarOfStructures) {
  for (const auto* record : {"{",
                             "}",
                             "[",
                             "]",
                             "[1,]",
                             "[,1]",
                             "[1 2]",
                             "[1}",
                             "{]",
                             "{,}",
                             R"({"a"})",
                             R"({"a":})",
                             R"({"a" 1})",
                             R"({"a":1,})",
                             "{1:2}",
                             R"({"a":1 "b":2})",
                             R"({"a":1,,"b":2})",
                             R"({a:1})",
                             "[:]",
                             R"(["a":1])",
                             R"({"a":1:2})",
                             R"({"a","b"})"})
    EXPECT_FALSE(is_json(record)) << record;
  for (const auto* record : {"[ ]", "{ }", R"( { "a" : [ { } , [ ] , 1 ] , "b" : "" } )"})
    EXPECT_TRUE(is_json(record)) << record;
}

TEST(SplitJsonTest, KeepsToTheGrammarOfNumbers) {
  for (const auto* record : {"01", "-", "+1", "1.", ".5", "1e", "1e+", "0x1", "-01", "1.e1", "NaN",
                             "Infinity", "--1", "1e1.5"})
    EXPECT_FALSE(is_json(record)) << record;
  for (const auto* record :
       {"0", "-0", "10", "0.0", "1E-7", "1e400", "123456789012345678901234567890", "0e0", "-1.50"})
    EXPECT_TRUE(is_json(record)) << record;
}

TEST(SplitJsonTest, KeepsToTheGrammarOfStrings) {
  for (const auto* record : {R"(")", R"("\")", R"("\x")", R"("\u12")", R"("\u12g4")", "\"\n\"",
                             "\"\x01\"", "'a'", R"("\U0041")", "\"12345678\x1f\""})
    EXPECT_FALSE(is_json(record)) << record;
  for (const auto* record : {R"("\"\\\/\b\f\n\r\t\u00e9")", R"("é€😀")", "\"\x7f\"", R"("")",
                             R"("a string of more than eight bytes")", R"("1234567\"1234567")"})
    EXPECT_TRUE(is_json(record)) << record;
}

TEST(SplitJsonTest, ANulIsNoCharacterOfJson) {
  EXPECT_FALSE(is_json(std::string_view("{}\0", 3)));
  EXPECT_FALSE(is_json(std::string_view("\"\0\"", 3)));
}

// JavaScript writes them for texts that it has cut in the middle of a character.
TEST(SplitJsonTest, HalfOfAPairIsLeftToTheReader) { EXPECT_TRUE(is_json(R"({"a":"\ud83d"})")); }

TEST(SplitJsonTest, BytesAreUtf8) {
  for (const auto* record : {"\"\xff\"", "\"\xc3\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "{}\xfe"})
    EXPECT_FALSE(is_json(record));
}

TEST(SplitJsonTest, DepthIsLimited) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(is_json(nested(1024) + nested(1024)));
  EXPECT_FALSE(is_json(nested(1025)));
  EXPECT_FALSE(is_json(std::string(1'000'000, '[')));
}

TEST(SplitJsonTest, EveryTruncationOfAStructureIsRefused) {
  const std::string whole = R"({"a":[1,"é\u00e9",{"b":null}],"c":-1.5e3})";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(is_json(std::string_view(whole).substr(0, size))) << size;
  EXPECT_TRUE(is_json(whole));
}

TEST(SplitDelimitedTest, DropsDelimiters) {
  EXPECT_THAT(delimited_parts("a####b####c", "####"), ElementsAre("a", "b", "c"));
}

TEST(SplitDelimitedTest, DropsEmptyPieces) {
  EXPECT_THAT(delimited_parts("\n\na\n\nb\n", "\n"), ElementsAre("a", "b"));
  EXPECT_THAT(delimited_parts("\n\n", "\n"), IsEmpty());
  EXPECT_THAT(delimited_parts("", "\n"), IsEmpty());
}

TEST(SplitDelimitedTest, PartOfADelimiterIsData) {
  EXPECT_THAT(delimited_parts("a###b#####c", "####"), ElementsAre("a###b", "#c"));
}

TEST(SplitDelimitedTest, TakesAnyBytes) {
  EXPECT_THAT(delimited_parts(std::string_view("\xff\0\xfe", 3), std::string_view("\0", 1)),
              ElementsAre("\xff", "\xfe"));
}

}  // namespace
}  // namespace hydrant::delivery
