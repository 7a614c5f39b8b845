// The reader of request bodies in CBOR against good and hostile documents. Bodies are written as
// the bytes that they are: RFC 8949 numbers them the same way.
#include <gmock/gmock.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "aws/codec/cbor.h"
#include "aws/document.h"
#include "aws/shape.h"

namespace hydrant::aws {
namespace {

using std::chrono::milliseconds;
using namespace std::string_literals;

// "a1 61 61 01" as bytes.
std::string bytes(std::string_view hex) {
  std::string out;
  int digit = 0, digits = 0;
  for (const char c : hex) {
    if (c == ' ') continue;
    digit = digit * 16 + (c <= '9' ? c - '0' : c - 'a' + 10);
    if (++digits % 2 == 0) {
      out.push_back(static_cast<char>(digit));
      digit = 0;
    }
  }
  return out;
}

class CborReaderTest : public testing::Test {
 protected:
  // A body that ends where its memory does.
  CborReader reader_of(std::string_view hex) {
    const auto body = bytes(hex);
    body_ = std::make_unique<char[]>(body.size());
    std::copy(body.begin(), body.end(), body_.get());
    return CborReader({body_.get(), body.size()});
  }
  // Passes over the whole document, as over members that nobody knows.
  bool is_cbor(std::string_view hex) {
    auto reader = reader_of(hex);
    reader.skip();
    return reader.finished();
  }
  // A value as the only member of a map, with the reader on it.
  CborReader on(std::string_view hex) {
    auto reader = reader_of("a1 61 61 " + std::string(hex));
    std::string_view name;
    reader.enter();
    EXPECT_TRUE(reader.next_member(name));
    EXPECT_EQ(name, "a");
    return reader;
  }
  std::unique_ptr<char[]> body_;
};

TEST_F(CborReaderTest, MapsOfDefiniteAndIndefiniteLengthAreTheSame) {
  for (const auto* hex : {"a2 61 61 01 61 62 02", "bf 61 61 01 61 62 02 ff"}) {
    auto reader = reader_of(hex);
    ASSERT_EQ(reader.kind(), Kind::map);
    reader.enter();
    std::string_view name;
    ASSERT_TRUE(reader.next_member(name));
    EXPECT_EQ(name, "a");
    EXPECT_EQ(reader.integer(), 1);
    ASSERT_TRUE(reader.next_member(name));
    EXPECT_EQ(name, "b");
    EXPECT_EQ(reader.integer(), 2);
    EXPECT_FALSE(reader.next_member(name));
    EXPECT_TRUE(reader.finished());
  }
}

TEST_F(CborReaderTest, ListsOfDefiniteAndIndefiniteLengthAreTheSame) {
  for (const auto* hex : {"82 05 06", "9f 05 06 ff", "9b 00 00 00 00 00 00 00 02 05 06"}) {
    auto reader = reader_of(hex);
    ASSERT_EQ(reader.kind(), Kind::list);
    reader.enter();
    ASSERT_TRUE(reader.next_element());
    EXPECT_EQ(reader.integer(), 5);
    ASSERT_TRUE(reader.next_element());
    EXPECT_EQ(reader.integer(), 6);
    EXPECT_FALSE(reader.next_element());
    EXPECT_TRUE(reader.finished());
  }
}

TEST_F(CborReaderTest, WhatIsNotReadIsPassedOver) {
  auto reader = reader_of("a3 61 61 82 01 a1 61 78 f6 61 62 7f 61 79 ff 61 63 07");
  std::string_view name;
  reader.enter();
  ASSERT_TRUE(reader.next_member(name));
  ASSERT_TRUE(reader.next_member(name));
  ASSERT_TRUE(reader.next_member(name));
  EXPECT_EQ(name, "c");
  EXPECT_EQ(reader.integer(), 7);
}

TEST_F(CborReaderTest, IntegersOfEveryWidthAreRead) {
  EXPECT_EQ(on("17").integer(), 23);
  EXPECT_EQ(on("18 18").integer(), 24);
  EXPECT_EQ(on("18 01").integer(), 1);  // longer than it need be
  EXPECT_EQ(on("19 01 00").integer(), 256);
  EXPECT_EQ(on("1a 00 01 00 00").integer(), 65536);
  EXPECT_EQ(on("1b 00 00 00 01 00 00 00 00").integer(), std::int64_t{1} << 32);
  EXPECT_EQ(on("20").integer(), -1);
  EXPECT_EQ(on("39 01 00").integer(), -257);
}

TEST_F(CborReaderTest, IntegersBeyond64BitsAreClamped) {
  using Limits = std::numeric_limits<std::int64_t>;
  EXPECT_EQ(on("1b 7f ff ff ff ff ff ff ff").integer(), Limits::max());
  EXPECT_EQ(on("1b ff ff ff ff ff ff ff ff").integer(), Limits::max());
  EXPECT_EQ(on("3b 7f ff ff ff ff ff ff ff").integer(), Limits::min());
  EXPECT_EQ(on("3b ff ff ff ff ff ff ff ff").integer(), Limits::min());
}

TEST_F(CborReaderTest, FloatsOfEveryWidthAreRead) {
  EXPECT_EQ(on("f9 3e 00").number(), 1.5);
  EXPECT_EQ(on("f9 c4 00").number(), -4.0);
  EXPECT_EQ(on("f9 00 01").number(), std::ldexp(1, -24));
  EXPECT_EQ(on("f9 04 00").number(), std::ldexp(1, -14));
  EXPECT_EQ(on("f9 7b ff").number(), 65504.0);
  EXPECT_EQ(on("f9 fc 00").number(), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(on("f9 7e 00").number()));
  EXPECT_EQ(on("fa 47 c3 50 00").number(), 100000.0);
  EXPECT_EQ(on("fb 3f f1 99 99 99 99 99 9a").number(), 1.1);
  EXPECT_EQ(on("fb 3f f1 99 99 99 99 99 9a").kind(), Kind::number);
}

TEST_F(CborReaderTest, FractionsAreCutOffWhereAnIntegerBelongs) {
  EXPECT_EQ(on("f9 3e 00").integer(), 1);
  EXPECT_EQ(on("f9 be 00").integer(), -1);
  EXPECT_EQ(on("f9 7e 00").integer(), 0);
  EXPECT_GT(on("f9 7c 00").integer(), std::int64_t{1} << 62);
}

TEST_F(CborReaderTest, StringsInChunksAreJoined) {
  EXPECT_EQ(on("65 68 65 6c 6c 6f").text(), "hello");
  EXPECT_EQ(on("7f 62 68 65 60 63 6c 6c 6f ff").text(), "hello");
  EXPECT_EQ(on("7f ff").text(), "");
  EXPECT_EQ(on("5f 42 00 ff 41 01 ff").blob().bytes, "\x00\xff\x01"s);
  // A character that is cut in two is whole again when it is joined.
  EXPECT_EQ(on("7f 61 c3 61 a4 ff").text(), "\xC3\xA4");
}

TEST_F(CborReaderTest, ABlobOfDefiniteLengthIsAViewOfTheBody) {
  auto reader = on("43 01 02 03");
  const auto blob = reader.blob();
  EXPECT_EQ(blob.error, Base64Error::none);
  EXPECT_EQ(blob.bytes, "\x01\x02\x03");
  EXPECT_EQ(blob.bytes.data(), body_.get() + 4);
}

TEST_F(CborReaderTest, SimpleValuesAreBooleansAndNothing) {
  EXPECT_FALSE(on("f4").boolean());
  EXPECT_TRUE(on("f5").boolean());
  EXPECT_EQ(on("f5").kind(), Kind::boolean);
  EXPECT_EQ(on("f6").kind(), Kind::null);
  EXPECT_EQ(on("f7").kind(), Kind::null);
}

TEST_F(CborReaderTest, ATimestampIsMillisecondsAsIntegerOrFloat) {
  const TimePoint time(milliseconds(1'363'896'240'500));
  EXPECT_EQ(on("c1 1b 00 00 01 3d 8e 8d 09 74").timestamp(), time);
  EXPECT_EQ(on("c1 fb 42 73 d8 e8 d0 97 40 00").timestamp(), time);
  EXPECT_EQ(on("1b 00 00 01 3d 8e 8d 09 74").timestamp(), time);
  EXPECT_EQ(on("c1 20").timestamp(), TimePoint(milliseconds(-1)));
  EXPECT_EQ(on("c1 f9 38 00").timestamp(), TimePoint(std::chrono::microseconds(500)));
  EXPECT_EQ(on("c1 f9 7e 00").timestamp(), TimePoint());
  EXPECT_GT(on("c1 1b ff ff ff ff ff ff ff ff").timestamp(), time);
  EXPECT_GT(on("c1 f9 7c 00").timestamp(), time);
}

TEST_F(CborReaderTest, TagsArePassedOver) {
  EXPECT_EQ(on("d8 20 61 78").text(), "x");
  EXPECT_EQ(on("c1 d9 d9 f7 05").integer(), 5);
  EXPECT_EQ(reader_of("d9 d9 f7 a0").kind(), Kind::map);
}

TEST_F(CborReaderTest, EveryProperPrefixIsBroken) {
  const std::string whole =
      "bf 61 61 82 01 a1 61 62 7f 61 63 61 64 ff 61 64 f6 61 65 5f 41 00 ff 61 66 fb 00 00 00 00 "
      "00 00 00 00 61 67 c1 1a 00 00 00 01 ff";
  ASSERT_TRUE(is_cbor(whole));
  for (std::size_t size = 0; size + 3 <= whole.size(); size += 3)
    EXPECT_FALSE(is_cbor(whole.substr(0, size))) << whole.substr(0, size);
}

TEST_F(CborReaderTest, NothingFollows) {
  EXPECT_TRUE(is_cbor("a0"));
  for (const auto* hex : {"a0 a0", "a0 00", "bf ff ff", "a0 f6"}) EXPECT_FALSE(is_cbor(hex)) << hex;
}

TEST_F(CborReaderTest, WhatNobodyDefinedIsBroken) {
  for (const auto* hex :
       {"1c",          "3d",          "5e",          "7c",          "9d",    "be",
        "df",          "fc",          "1f",          "3f",          "ff",  // heads
        "e0",          "f3",          "f8 20",       "f8 ff",              // simple values
        "a1 01 02",    "a1 41 61 02", "a1 f6 02",    "bf 61 61 ff",        // keys
        "7f 41 61 ff", "5f 61 61 ff", "7f 7f ff ff", "7f 01 ff",           // chunks
        "9f 01",       "bf 61 61 01", "7f 61 61",    "c1",          "c1 ff", "81 ff"})
    EXPECT_FALSE(is_cbor(hex)) << hex;
}

TEST_F(CborReaderTest, TextsAreUtf8) {
  EXPECT_TRUE(is_cbor("a1 62 c3 a4 62 c3 a4"));
  for (const auto* hex : {"61 ff", "62 c0 80", "63 ed a0 80", "a1 61 80 01", "7f 61 c3 ff"})
    EXPECT_FALSE(is_cbor(hex)) << hex;
}

TEST_F(CborReaderTest, LengthsBeyondTheEndAreBroken) {
  for (const auto* hex :
       {"5b ff ff ff ff ff ff ff ff 00", "7b 7f ff ff ff ff ff ff ff 00",
        "9b ff ff ff ff ff ff ff ff", "bb ff ff ff ff ff ff ff ff", "bb 80 00 00 00 00 00 00 00",
        "62 61", "82 01", "a1 61 61", "7f 7b ff ff ff ff ff ff ff ff ff"})
    EXPECT_FALSE(is_cbor(hex)) << hex;
}

TEST_F(CborReaderTest, DepthHasAnEnd) {
  const auto nested = [](std::size_t depth, const std::string& open) {
    std::string hex = "a1 61 61";
    for (std::size_t i = 0; i < depth; ++i) hex += open;
    return hex + "01";
  };
  EXPECT_TRUE(is_cbor(nested(100, "81")));
  EXPECT_FALSE(is_cbor(nested(100'000, "81")));
  EXPECT_FALSE(is_cbor(nested(100'000, "a1 61 61")));
  EXPECT_TRUE(is_cbor(nested(100'000, "c6")));  // tags hold nothing
}

TEST_F(CborReaderTest, OnceBrokenItStaysSo) {
  auto reader = reader_of("a2 61 61 1c 61 62 01");
  std::string_view name;
  reader.enter();
  EXPECT_FALSE(reader.next_member(name));
  EXPECT_FALSE(reader.next_member(name));
  EXPECT_EQ(reader.kind(), Kind::malformed);
  EXPECT_TRUE(reader.failed());
  EXPECT_FALSE(reader.finished());
}

struct Input {
  std::optional<std::string_view> text;
  std::optional<Blob> blob;
  std::optional<std::int32_t> integer;
  std::optional<TimePoint> time;
  static constexpr auto shape() {
    return fields(field("T", &Input::text), field("B", &Input::blob), field("I", &Input::integer),
                  field("D", &Input::time));
  }
};

class CborInputTest : public CborReaderTest {
 protected:
  std::string refusal(std::string_view hex) {
    auto reader = reader_of(hex);
    const auto error = Decoder(reader, true).decode(input);
    return error ? error->message.value_or("(" + error->code + ")") : "";
  }
  Input input;
};

TEST_F(CborInputTest, MembersAreRead) {
  EXPECT_EQ(refusal("bf 61 54 61 78 61 42 41 00 61 49 07 61 44 c1 18 64 61 5a 80 ff"), "");
  EXPECT_EQ(input.text, "x");
  EXPECT_EQ(input.blob->bytes, "\0"s);
  EXPECT_EQ(input.integer, 7);
  EXPECT_EQ(input.time, TimePoint(milliseconds(100)));
}

TEST_F(CborInputTest, NullAndUndefinedAreAbsence) {
  EXPECT_EQ(refusal("a2 61 54 f6 61 42 f7"), "");
  EXPECT_FALSE(input.text.has_value());
  EXPECT_FALSE(input.blob.has_value());
}

TEST_F(CborInputTest, ATextIsNoBlob) {
  EXPECT_EQ(refusal("a1 61 42 64 59 51 3d 3d"),
            "class java.lang.String can not be converted to a Blob");
}

TEST_F(CborInputTest, ABlobIsNothingElse) {
  EXPECT_EQ(refusal("a1 61 54 41 78"),
            "class java.nio.HeapByteBuffer can not be converted to an String");
  EXPECT_EQ(refusal("a1 61 49 41 78"),
            "class java.nio.HeapByteBuffer can not be converted to an Integer");
}

TEST_F(CborInputTest, OtherWrongTypesAreNamedAsInJson) {
  EXPECT_EQ(refusal("a1 61 54 f5"), "class java.lang.Boolean can not be converted to an String");
  EXPECT_EQ(refusal("a1 61 42 01"),
            "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to "
            "a Blob");
  EXPECT_EQ(refusal("a1 61 44 61 78"),
            "class java.lang.String can not be converted to milliseconds since epoch");
  EXPECT_EQ(refusal("a1 61 54 80"), "Start of list found where not expected");
  EXPECT_EQ(refusal("a1 61 54 a0"), "Start of structure or map found where not expected.");
}

TEST_F(CborInputTest, WhatIsNoMapIsUnreadable) {
  for (const auto* hex : {"80", "01", "f6", "61 78", "41 78"})
    EXPECT_EQ(refusal(hex), "(SerializationException)") << hex;
}

TEST_F(CborInputTest, ADeepDocumentIsReadAndHoldsNoBlob) {
  Shape text, shape;
  text.target = Target::text;
  shape.members = {{"T", &text}};
  auto good = reader_of("a1 61 54 61 78");
  EXPECT_EQ(read_document(good, shape, true)->dump(), R"({"T":"x"})");
  auto bad = reader_of("a1 61 54 41 78");
  EXPECT_EQ(read_document(bad, shape, true).error().message,
            "class java.nio.HeapByteBuffer can not be converted to an String");
}

}  // namespace
}  // namespace hydrant::aws
