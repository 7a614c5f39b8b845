// The reader of request bodies against good and hostile documents. Whatever it is given, it must
// end, stay within its memory, and tell what is JSON from what is not.
#include <gmock/gmock.h>

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "aws/codec/json_reader.h"
#include "net/message.h"

namespace hydrant::aws {
namespace {

class JsonReaderTest : public testing::Test {
 protected:
  // A reader over a body that ends where its memory does, but for the padding. What stands in the
  // padding would make many a broken document whole.
  JsonReader reader_of(std::string_view json) {
    body_ = std::make_unique<char[]>(json.size() + net::kBodyPadding);
    std::copy(json.begin(), json.end(), body_.get());
    std::fill_n(body_.get() + json.size(), net::kBodyPadding, '}');
    return {{body_.get(), json.size()}, scratch_};
  }
  // Passes over the whole document, as over members that nobody knows.
  bool is_json(std::string_view json) {
    auto reader = reader_of(json);
    if (reader.kind() != Kind::map) return false;
    reader.skip();
    return reader.finished();
  }
  static std::string nested(std::size_t depth, const std::string& open, const std::string& close) {
    std::string text = "{\"a\":";
    for (std::size_t i = 0; i < depth; ++i) text += open;
    text += "1";
    for (std::size_t i = 0; i < depth; ++i) text += close;
    return text + "}";
  }

  JsonScratch scratch_;
  std::unique_ptr<char[]> body_;
};

TEST_F(JsonReaderTest, GoodDocumentsAreRead) {
  for (const auto* json : {"{}", " {\t\"a\" : [ ] ,\r\n \"b\" : { } } ",
                           R"({"a": [1, -0, 2.5e-3, true, false, null]})",
                           R"({"a": "\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00"})", "{\"\": \"\xC3\xA4\"}",
                           R"({"a": [[[], {}], {"b": [{}]}]})", R"({"a": 1, "a": 2})"})
    EXPECT_TRUE(is_json(json)) << json;
}

TEST_F(JsonReaderTest, WhatIsNoMapIsNoRequest) {
  for (const auto* json : {"", " ", "null", "true", "1", "\"a\"", "[1]", "[]"})
    EXPECT_FALSE(is_json(json)) << json;
}

TEST_F(JsonReaderTest, EveryProperPrefixIsBroken) {
  const std::string whole = R"({"a": [1, {"b": "c\u00e4"}, true], "d": null, "e": -1.5e3})";
  ASSERT_TRUE(is_json(whole));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(is_json(whole.substr(0, size))) << whole.substr(0, size);
}

TEST_F(JsonReaderTest, NothingButSpaceFollows) {
  EXPECT_TRUE(is_json("{} \r\n\t"));
  for (const auto* json : {"{}x", "{} {}", "{},", "{}}", "{}]", "{} null", "{\"a\":1}\"", "{}1"})
    EXPECT_FALSE(is_json(json)) << json;
}

TEST_F(JsonReaderTest, BracketsMatch) {
  for (const auto* json :
       {R"({"a":[1})", R"({"a":[1}})", R"({"a":{"b":1]})", R"({"a":{"b":1]})", R"({"a":1])",
        R"({"a":[}])", R"({"a":[1]]})", R"({"a":[[1]})", R"({"a":[[1},2]})", R"({"a":[{"b":1]]})",
        R"({"a":})", R"({])", R"({"a":[1}, "b": 2})", R"({"a":{"b":[1},"c":[2}]})"})
    EXPECT_FALSE(is_json(json)) << json;
}

TEST_F(JsonReaderTest, CommasAndColonsStandWhereTheyBelong) {
  for (const auto* json :
       {R"({"a":1,})", R"({,"a":1})", R"({"a" 1})", R"({"a"::1})", R"({"a":1 "b":2})",
        R"({"a":1,,"b":2})", R"({"a":[1,]})", R"({"a":[,1]})", R"({"a":[1 2]})", R"({"a",1})",
        R"({"a"})", R"({"a":[1,,2]})", R"({:1})", R"({a:1})", R"({1:1})", R"({"a":[1:2]})"})
    EXPECT_FALSE(is_json(json)) << json;
}

TEST_F(JsonReaderTest, WordsAreSpeltInFull) {
  for (const auto* word : {"tru", "truee", "nul", "nulll", "fals", "True", "NULL", "undefined",
                           "NaN", "Infinity", "n", "t", "nonsense", "tttt"})
    EXPECT_FALSE(is_json("{\"a\":" + std::string(word) + "}")) << word;
}

TEST_F(JsonReaderTest, NumbersAreThoseOfJson) {
  for (const auto* number :
       {"01", "+1", "1.", ".5", "1e", "1e+", "-", "0x1", "1.2.3", "--1", "1-", "1_000", "1a", "-a"})
    EXPECT_FALSE(is_json("{\"a\":" + std::string(number) + "}")) << number;
}

TEST_F(JsonReaderTest, StringsHoldNoControlCharacters) {
  for (char c = 0; c < 0x20; ++c)
    EXPECT_FALSE(is_json(std::string("{\"a\":\"") + c + "\"}")) << int{c};
}

TEST_F(JsonReaderTest, ANulIsNoSpace) {
  EXPECT_FALSE(is_json(std::string_view("{}\0", 3)));
  EXPECT_FALSE(is_json(std::string_view("{\0}", 3)));
  EXPECT_FALSE(is_json(std::string_view("\0{}", 3)));
}

TEST_F(JsonReaderTest, EscapesAreThoseOfJson) {
  for (const auto* text : {"\\x41", "\\u12", "\\u12g4", "\\", "\\ud83d", "\\ud83d\\u0041",
                           "\\ude00", "\\a", "\\U0041"})
    EXPECT_FALSE(is_json("{\"a\":\"" + std::string(text) + "\"}")) << text;
}

TEST_F(JsonReaderTest, EscapesOfNamesAreThoseOfJsonToo) {
  EXPECT_FALSE(is_json(R"({"\x41": 1})"));
  EXPECT_FALSE(is_json(R"({"\ud83d": 1})"));
}

// Texts are looked at by eight bytes: what is special must be found at each place in them.
TEST_F(JsonReaderTest, WhatIsSpecialIsFoundWhereverItStands) {
  for (std::size_t size = 1; size < 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      const auto with = [&](std::string_view piece) {
        std::string text(size, 'x');
        return "{\"" + text.replace(at, 1, piece) + "\":\"" + text + "\"}";
      };
      ASSERT_TRUE(is_json(with("\\\""))) << size << " " << at;
      ASSERT_TRUE(is_json(with("\xC3\xA4"))) << size << " " << at;
      ASSERT_TRUE(is_json(with("\x7F"))) << size << " " << at;
      ASSERT_FALSE(is_json(with("\""))) << size << " " << at;
      ASSERT_FALSE(is_json(with("\x1F"))) << size << " " << at;
      ASSERT_FALSE(is_json(with("\xA4"))) << size << " " << at;
      ASSERT_FALSE(is_json(with("\xC3\xA4\x1F"))) << size << " " << at;
      ASSERT_FALSE(is_json(with("\\x"))) << size << " " << at;
    }
  }
}

TEST_F(JsonReaderTest, TextIsUtf8) {
  for (const std::string text : {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80"})
    EXPECT_FALSE(is_json("{\"a\":\"" + text + "\"}"));
  EXPECT_FALSE(is_json("{\"\xFF\":1}"));
}

TEST_F(JsonReaderTest, DepthHasAnEnd) {
  EXPECT_TRUE(is_json(nested(100, "[", "]")));
  EXPECT_FALSE(is_json(nested(200, "[", "]")));
  EXPECT_FALSE(is_json(nested(200, "{\"a\":", "}")));
}

TEST_F(JsonReaderTest, VastDepthIsNoDanger) {
  EXPECT_FALSE(is_json(nested(100'000, "[", "]")));
  EXPECT_FALSE(is_json(nested(100'000, "{\"a\":", "}")));
  EXPECT_FALSE(is_json(std::string(100'000, '[')));
  EXPECT_FALSE(is_json("{\"a\":" + std::string(100'000, '[')));
}

TEST_F(JsonReaderTest, WidthIsNoDanger) {
  std::string text = "{\"a\":[1";
  for (int i = 0; i < 100'000; ++i) text += ",1";
  EXPECT_TRUE(is_json(text + "]}"));
  EXPECT_FALSE(is_json(text + "}"));
}

TEST_F(JsonReaderTest, AReaderThatFailedStaysSo) {
  auto reader = reader_of(R"({"a": tru, "b": 1})");
  std::string_view name;
  reader.enter();
  while (reader.next_member(name)) reader.skip();
  EXPECT_TRUE(reader.failed());
  EXPECT_EQ(reader.kind(), Kind::malformed);
  EXPECT_FALSE(reader.finished());
}

TEST_F(JsonReaderTest, AValueThatWasNotReadIsPassedOver) {
  auto reader = reader_of(R"({"a": {"x": [1, {"y": 2}]}, "b": 3})");
  std::string_view name;
  reader.enter();
  ASSERT_TRUE(reader.next_member(name));
  ASSERT_TRUE(reader.next_member(name));
  EXPECT_EQ(name, "b");
  EXPECT_EQ(reader.integer(), 3);
  EXPECT_FALSE(reader.next_member(name));
  EXPECT_TRUE(reader.finished());
}

class JsonScalarTest : public JsonReaderTest {
 protected:
  // Stands on the value of the only member.
  JsonReader at_value(const std::string& value) {
    auto reader = reader_of("{\"a\":" + value + "}");
    std::string_view name;
    reader.enter();
    EXPECT_TRUE(reader.next_member(name));
    return reader;
  }
};

TEST_F(JsonScalarTest, KindsAreTold) {
  EXPECT_EQ(at_value("1").kind(), Kind::number);
  EXPECT_EQ(at_value("\"a\"").kind(), Kind::text);
  EXPECT_EQ(at_value("true").kind(), Kind::boolean);
  EXPECT_EQ(at_value("null").kind(), Kind::null);
  EXPECT_EQ(at_value("[]").kind(), Kind::list);
  EXPECT_EQ(at_value("{}").kind(), Kind::map);
}

TEST_F(JsonScalarTest, IntegersAreExactTo64Bits) {
  EXPECT_EQ(at_value("9223372036854775807").integer(), INT64_MAX);
  EXPECT_EQ(at_value("-9223372036854775808").integer(), INT64_MIN);
}

TEST_F(JsonScalarTest, FractionsAreCutOffTowardsZero) {
  EXPECT_EQ(at_value("2.9").integer(), 2);
  EXPECT_EQ(at_value("-2.9").integer(), -2);
  EXPECT_EQ(at_value("1.5e3").integer(), 1500);
}

TEST_F(JsonScalarTest, IntegersBeyond64BitsAreClamped) {
  EXPECT_GT(at_value("18446744073709551615").integer(), 9'000'000'000'000'000'000);
  EXPECT_GT(at_value("123456789012345678901234567890").integer(), 9'000'000'000'000'000'000);
  EXPECT_LT(at_value("-1e300").integer(), -9'000'000'000'000'000'000);
}

TEST_F(JsonScalarTest, NumbersBeyondADoubleAreTheLargestOrNothing) {
  constexpr double kMax = std::numeric_limits<double>::max();
  EXPECT_EQ(at_value("1e400").number(), kMax);
  EXPECT_EQ(at_value("-1E+400").number(), -kMax);
  EXPECT_EQ(at_value("9" + std::string(400, '0')).number(), kMax);
  EXPECT_EQ(at_value("1e-400").number(), 0);
  EXPECT_EQ(at_value("-0." + std::string(400, '0') + "1").number(), 0);
  EXPECT_EQ(at_value("0e400").number(), 0);
  EXPECT_EQ(at_value("-2.5e-1").number(), -0.25);
}

TEST_F(JsonScalarTest, TimestampsAreSecondsWithAFraction) {
  EXPECT_EQ(at_value("1767225600.123").timestamp(),
            TimePoint(std::chrono::milliseconds(1'767'225'600'123)));
  EXPECT_EQ(at_value("-1.5").timestamp(), TimePoint(std::chrono::milliseconds(-1500)));
}

TEST_F(JsonScalarTest, AbsurdTimestampsAreClamped) {
  EXPECT_GT(at_value("1e300").timestamp(), at_value("1e11").timestamp());
  EXPECT_LT(at_value("-1e300").timestamp(), at_value("-1e11").timestamp());
}

TEST_F(JsonScalarTest, TextIsUnescaped) {
  EXPECT_EQ(at_value(R"("a\"\u00e4\ud83d\ude00\u0000")").text(),
            std::string_view("a\"\xC3\xA4\xF0\x9F\x98\x80\0", 9));
}

TEST_F(JsonScalarTest, BlobsOfOneDocumentDoNotOverwriteEachOther) {
  const std::string large(4000, 'A');
  auto reader = reader_of("{\"a\": \"Zm9v\", \"b\": \"" + large + "\", \"c\": \"YmFy\"}");
  std::string_view name;
  std::vector<std::string_view> blobs;
  reader.enter();
  while (reader.next_member(name)) blobs.push_back(reader.blob().bytes);
  ASSERT_EQ(blobs.size(), 3U);
  EXPECT_EQ(blobs[0], "foo");
  EXPECT_EQ(blobs[1], std::string(3000, '\0'));
  EXPECT_EQ(blobs[2], "bar");
}

TEST_F(JsonScalarTest, ABlobWithBrokenEscapesIsBroken) {
  auto reader = at_value(R"("AA\x41")");
  reader.blob();
  EXPECT_TRUE(reader.failed());
}

TEST_F(JsonScalarTest, AnEscapedQuoteEndsNoBlob) {
  auto reader = at_value(R"("AA\"A")");
  const auto blob = reader.blob();
  EXPECT_EQ(blob.error, Base64Error::character);
  EXPECT_EQ(blob.bad, '"');
}

TEST_F(JsonScalarTest, ABlobMayHaveItsSlashesEscaped) {
  EXPECT_EQ(at_value(R"("\/\/\/\/")").blob().bytes, "\xFF\xFF\xFF");
}

TEST_F(JsonScalarTest, ABlobThatIsBrokenShowsWhatStoodThere) {
  const auto blob = at_value(R"("AA\/\u00e4")").blob();
  EXPECT_EQ(blob.error, Base64Error::length);
  EXPECT_EQ(blob.text, "AA/\xC3\xA4");
}

TEST_F(JsonScalarTest, ABlobEndsWithinItsDocument) {
  auto reader = reader_of(R"({"a":"AAAA)");
  std::string_view name;
  reader.enter();
  ASSERT_TRUE(reader.next_member(name));
  reader.blob();
  EXPECT_TRUE(reader.failed());
}

// They take more room than the decoded blobs of a document could.
TEST_F(JsonScalarTest, EscapedTextsDoNotOverwriteEachOther) {
  constexpr std::size_t kTexts = 50'000;
  std::string json = R"({"a":[)";
  for (std::size_t i = 0; i < kTexts; ++i) json += "\"\\n" + std::to_string(i) + "\",";
  json.back() = ']';
  auto reader = reader_of(json + "}");
  std::string_view name;
  std::vector<std::string_view> texts;
  reader.enter();
  ASSERT_TRUE(reader.next_member(name));
  reader.enter();
  while (reader.next_element()) texts.push_back(reader.text());
  ASSERT_EQ(texts.size(), kTexts);
  for (std::size_t i = 0; i < kTexts; ++i) ASSERT_EQ(texts[i], "\n" + std::to_string(i));
}

// A reader that took room for the rest of the document at each of them would run out of memory.
TEST_F(JsonScalarTest, ManyBlobsAndTextsWithEscapesFitIntoMemory) {
  constexpr std::size_t kPairs = 200'000;
  for (const std::string blob : {"\"QUFB\"", "\"\\/\\/\\/\\/\""}) {
    std::string json = R"({"a":[)";
    for (std::size_t i = 0; i < kPairs; ++i) json += blob + R"(,"\n\n\n",)";
    json.back() = ']';
    auto reader = reader_of(json + "}");
    std::string_view name;
    reader.enter();
    ASSERT_TRUE(reader.next_member(name));
    reader.enter();
    std::size_t pairs = 0;
    for (; reader.next_element(); ++pairs) {
      ASSERT_EQ(reader.blob().bytes.size(), 3U);
      ASSERT_TRUE(reader.next_element());
      ASSERT_EQ(reader.text(), "\n\n\n");
    }
    EXPECT_EQ(pairs, kPairs);
    EXPECT_FALSE(reader.failed());
  }
}

TEST_F(JsonScalarTest, OneScratchServesManyDocuments) {
  for (const std::size_t size : {10U, 10'000'000U, 10U, 100'000U}) {
    const std::string base64(size / 4 * 4, 'A');
    EXPECT_EQ(at_value('"' + base64 + '"').blob().bytes.size(), base64.size() / 4 * 3);
  }
}

}  // namespace
}  // namespace hydrant::aws
