#include "net/message.h"

#include <gtest/gtest.h>

namespace hydrant::net {
namespace {

TEST(MessageTest, ATargetIsPathAndQuery) {
  Request request;
  request.target = "/a/b?c=d?e";
  EXPECT_EQ(request.path(), "/a/b");
  EXPECT_EQ(request.query(), "c=d?e");

  request.target = "/a/b";
  EXPECT_EQ(request.path(), "/a/b");
  EXPECT_EQ(request.query(), "");
}

TEST(MessageTest, AHeaderIsFoundInAnyCase) {
  Request request;
  request.headers = {{"X-One", "1"}, {"x-one", "2"}, {"Empty", ""}};

  EXPECT_EQ(request.header("x-ONE"), "1");
  EXPECT_NE(request.header("empty").data(), nullptr);
  EXPECT_EQ(request.header("X-On").data(), nullptr);
}

TEST(MessageTest, PercentDecodingLeavesWhatIsNoEscape) {
  EXPECT_EQ(percent_decode("a%20b%2Fc%2fd"), "a b/c/d");
  EXPECT_EQ(percent_decode("100%"), "100%");
  EXPECT_EQ(percent_decode("%4"), "%4");
  EXPECT_EQ(percent_decode("%zz%41"), "%zzA");
}

TEST(MessageTest, HeadersOfAReplyAreCompleteLines) {
  Reply reply;
  reply.header("A", "1").header("B", "2");

  EXPECT_EQ(reply.headers, "A: 1\r\nB: 2\r\n");
}

}  // namespace
}  // namespace hydrant::net
