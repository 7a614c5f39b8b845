#include <gmock/gmock.h>

#include <cstdint>
#include <limits>
#include <string>

#include "aws/codec/cbor.h"

namespace hydrant::aws {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using namespace std::string_literals;

class CborReplyWriterTest : public testing::Test {
 protected:
  std::string integer(std::int64_t value) {
    out_.clear();
    writer_.integer(value);
    return out_;
  }
  std::string timestamp(Duration since_epoch) {
    out_.clear();
    writer_.timestamp(TimePoint(since_epoch));
    return out_;
  }
  std::string out_;
  CborReplyWriter writer_{out_};
};

TEST_F(CborReplyWriterTest, MapsAndListsAreOfIndefiniteLength) {
  writer_.begin_map().key("a").begin_list().boolean(true).boolean(false).end_list().end_map();
  EXPECT_EQ(out_, "\xBF\x61"s + "a\x9F\xF5\xF4\xFF\xFF");
}

TEST_F(CborReplyWriterTest, IntegersTakeTheLeastRoom) {
  EXPECT_EQ(integer(0), "\x00"s);
  EXPECT_EQ(integer(23), "\x17");
  EXPECT_EQ(integer(24), "\x18\x18");
  EXPECT_EQ(integer(255), "\x18\xFF");
  EXPECT_EQ(integer(256), "\x19\x01\x00"s);
  EXPECT_EQ(integer(65536), "\x1A\x00\x01\x00\x00"s);
  EXPECT_EQ(integer(std::int64_t{1} << 32), "\x1B\x00\x00\x00\x01\x00\x00\x00\x00"s);
  EXPECT_EQ(integer(-1), "\x20");
  EXPECT_EQ(integer(-257), "\x39\x01\x00"s);
  EXPECT_EQ(integer(std::numeric_limits<std::int64_t>::min()),
            "\x3B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
}

TEST_F(CborReplyWriterTest, BlobsAreByteStrings) {
  writer_.blob(std::string(300, 'x'));
  EXPECT_EQ(out_, "\x59\x01\x2C" + std::string(300, 'x'));
}

TEST_F(CborReplyWriterTest, TextsAreTextStringsPlainOrNot) {
  writer_.text("\xC3\xA4").plain("b");
  EXPECT_EQ(out_, "\x62\xC3\xA4\x61"s + "b");
}

// The Java SDKs fail on a float, and take the integer for milliseconds.
TEST_F(CborReplyWriterTest, ATimestampIsTag1AroundWholeMilliseconds) {
  EXPECT_EQ(timestamp(milliseconds(1'767'225'600'001)),
            "\xC1\x1B\x00\x00\x01\x9B\x76\xDA\xA8\x01"s);
  EXPECT_EQ(timestamp(microseconds(1'999)), "\xC1\x01");
}

TEST_F(CborReplyWriterTest, OtherNumbersAreDoubles) {
  writer_.number(1.1);
  EXPECT_EQ(out_, "\xFB\x3F\xF1\x99\x99\x99\x99\x99\x9A");
}

}  // namespace
}  // namespace hydrant::aws
