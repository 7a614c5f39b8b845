#include <gmock/gmock.h>

#include "aws/codec/json_reply_writer.h"

namespace hydrant::aws {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

class JsonReplyWriterTest : public testing::Test {
 protected:
  std::string timestamp(Duration since_epoch) {
    out_.clear();
    JsonReplyWriter(out_).timestamp(TimePoint(since_epoch));
    return out_;
  }
  std::string out_;
  JsonReplyWriter writer_{out_};
};

TEST_F(JsonReplyWriterTest, MembersAndElementsAreSeparated) {
  writer_.begin_map().member("a", "x").member("b", std::int64_t{1}).member("c", true);
  writer_.key("d").begin_list().integer(1).plain("p").begin_map().end_map().end_list();
  writer_.key("e").blob("foob").end_map();
  EXPECT_EQ(out_, R"({"a":"x","b":1,"c":true,"d":[1,"p",{}],"e":"Zm9vYg=="})");
}

TEST_F(JsonReplyWriterTest, TextIsEscapedAndPlainTextIsNot) {
  writer_.begin_list().text("\"\n").plain("shardId-0").end_list();
  EXPECT_EQ(out_, R"(["\"\n","shardId-0"])");
}

TEST_F(JsonReplyWriterTest, TimestampsHaveMillisecondsWithoutTrailingZeros) {
  EXPECT_EQ(timestamp(seconds(1'767'225'600)), "1767225600");
  EXPECT_EQ(timestamp(milliseconds(1'767'225'600'001)), "1767225600.001");
  EXPECT_EQ(timestamp(milliseconds(1'767'225'600'120)), "1767225600.12");
  EXPECT_EQ(timestamp(milliseconds(500)), "0.5");
}

TEST_F(JsonReplyWriterTest, MicrosecondsAreCutOff) {
  EXPECT_EQ(timestamp(microseconds(1'999'999)), "1.999");
}

TEST_F(JsonReplyWriterTest, AnArrivalIsTheSameNumberWhenItIsReadBack) {
  EXPECT_EQ(std::stod(timestamp(milliseconds(1'755'590'400'123))), 1755590400.123);
}

}  // namespace
}  // namespace hydrant::aws
