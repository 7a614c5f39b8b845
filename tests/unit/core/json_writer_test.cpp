#include "core/json_writer.h"

#include <gmock/gmock.h>

#include <limits>
#include <utility>

namespace hydrant {
namespace {

class JsonWriterTest : public testing::Test {
 protected:
  static std::string quoted(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
  }
  std::string out_;
  JsonWriter writer_{out_};
};

TEST_F(JsonWriterTest, CommasStandBetweenMembersAndElements) {
  writer_.begin_object().member("a", "x").member("b", std::int64_t{1}).key("c");
  writer_.begin_array().integer(1).boolean(true).null().end_array();
  writer_.key("d").begin_object().end_object().key("e").begin_array().end_array().end_object();
  EXPECT_EQ(out_, R"({"a":"x","b":1,"c":[1,true,null],"d":{},"e":[]})");
}

TEST_F(JsonWriterTest, ValuesFollowContainersBehindAComma) {
  writer_.begin_array().begin_object().end_object().begin_array().end_array().raw("7").end_array();
  EXPECT_EQ(out_, "[{},[],7]");
}

TEST_F(JsonWriterTest, QuotesBackslashesAndControlsAreEscaped) {
  EXPECT_EQ(quoted(std::string_view("\"\\\n\r\t\b\x1f\0/", 9)),
            R"("\"\\\n\r\t\u0008\u001f\u0000/")");
}

// Plain characters are passed over by eights.
TEST_F(JsonWriterTest, WhatNeedsAnEscapeIsFoundWhereverItStands) {
  const std::pair<char, std::string> kinds[] = {
      {'"', "\\\""},       {'\\', "\\\\"}, {'\n', "\\n"},    {'\0', "\\u0000"},
      {'\x1f', "\\u001f"}, {'\x20', " "},  {'\x7f', "\x7f"}, {'\x80', "\xEF\xBF\xBD"}};
  for (const auto& [character, written] : kinds) {
    for (std::size_t size = 1; size < 20; ++size) {
      for (std::size_t at = 0; at < size; ++at) {
        std::string text(size, 'z');
        text[at] = character;
        EXPECT_EQ(quoted(text),
                  '"' + std::string(at, 'z') + written + std::string(size - at - 1, 'z') + '"');
      }
    }
  }
}

TEST_F(JsonWriterTest, CharactersBeyondAsciiStayAsTheyAre) {
  EXPECT_EQ(quoted("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"),
            "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"");
}

TEST_F(JsonWriterTest, BytesThatAreNoCharacterAreReplacedOneByOne) {
  EXPECT_EQ(quoted("a\xFF\xC3z\x80"), "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD\"");
}

// Short ones are copied in pieces that depend on their length.
TEST_F(JsonWriterTest, NamesAndPlainTextsOfEveryLengthAreWritten) {
  std::string expected = "{";
  writer_.begin_object();
  for (std::size_t size = 0; size < 150; ++size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
    writer_.key(text).plain(text);
    expected += (size > 0 ? ",\"" : "\"") + text + "\":\"" + text + '"';
  }
  writer_.end_object();
  EXPECT_EQ(out_, expected + "}");
}

TEST_F(JsonWriterTest, IntegersReachFromEndToEnd) {
  writer_.begin_array();
  writer_.integer(std::numeric_limits<std::int64_t>::min());
  writer_.integer(std::numeric_limits<std::int64_t>::max()).end_array();
  EXPECT_EQ(out_, "[-9223372036854775808,9223372036854775807]");
}

TEST_F(JsonWriterTest, NumbersAreWrittenInFullAndAsShortAsTheyMay) {
  writer_.begin_array().number(0.1).number(1e21).number(-2.5).number(3).end_array();
  EXPECT_EQ(out_, "[0.1,1000000000000000000000,-2.5,3]");
}

TEST_F(JsonWriterTest, WhatIsNoNumberIsNull) {
  writer_.begin_array().number(std::numeric_limits<double>::infinity());
  writer_.number(std::numeric_limits<double>::quiet_NaN()).end_array();
  EXPECT_EQ(out_, "[null,null]");
}

TEST_F(JsonWriterTest, TheLargestNumberFits) {
  writer_.number(-std::numeric_limits<double>::max());
  EXPECT_EQ(std::stod(out_), -std::numeric_limits<double>::max());
}

TEST_F(JsonWriterTest, BytesAreBase64) {
  writer_.begin_array().base64("foob").base64("").end_array();
  EXPECT_EQ(out_, R"(["Zm9vYg==",""])");
}

}  // namespace
}  // namespace hydrant
