#include "net/reply_head.h"

#include <gtest/gtest.h>

namespace hydrant::net {
namespace {

TimePoint at(std::chrono::seconds since_epoch) { return TimePoint(since_epoch); }

TEST(ReplyHeadTest, ADateIsWrittenAsHttpHasIt) {
  EXPECT_EQ(http_date(at(std::chrono::seconds(784111777))), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(at(std::chrono::seconds(0))), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(at(std::chrono::seconds(1709164800))), "Thu, 29 Feb 2024 00:00:00 GMT");
}

TEST(ReplyHeadTest, AHeadIsWrittenWhole) {
  Reply reply;
  reply.body = "12345";
  reply.header("A", "1");
  std::string head = "left over from the last one";

  write_reply_head(head, reply, "now", ConnectionWord::close);

  EXPECT_EQ(head,
            "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 5\r\nA: 1\r\n"
            "Connection: close\r\n\r\n");
}

TEST(ReplyHeadTest, AStatusWithoutANameIsWrittenToo) {
  Reply reply;
  reply.status = 599;
  std::string head;

  write_reply_head(head, reply, "now", ConnectionWord::silent);

  EXPECT_EQ(head, "HTTP/1.1 599 Unknown\r\nDate: now\r\nContent-Length: 0\r\n\r\n");
}

}  // namespace
}  // namespace hydrant::net
