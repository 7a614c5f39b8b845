#include "net/byte_buffer.h"

#include <gtest/gtest.h>

#include <string>

namespace hydrant::net {
namespace {

TEST(ByteBufferTest, KeepsItsBytesAsItGrowsAndShrinks) {
  ByteBuffer buffer(4);
  std::string expected;
  for (int i = 0; i < 1'000; ++i) {
    buffer.append("0123456789");
    expected += "0123456789";
  }
  EXPECT_EQ(buffer.view(), expected);

  buffer.shrink(buffer.size());
  EXPECT_EQ(buffer.room(), 0U);
  EXPECT_EQ(buffer.view(), expected);
}

TEST(ByteBufferTest, TakesBytesOutOfTheMiddle) {
  ByteBuffer buffer;
  buffer.append("0123456789");

  buffer.erase(2, 5);
  EXPECT_EQ(buffer.view(), "0156789");
  buffer.erase(5, 7);
  EXPECT_EQ(buffer.view(), "01567");
  buffer.erase(0, 5);
  EXPECT_EQ(buffer.view(), "");
}

TEST(ByteBufferTest, MovedFromItHoldsNothing) {
  ByteBuffer buffer(100);
  buffer.append("x");

  const ByteBuffer other = std::move(buffer);
  EXPECT_EQ(other.view(), "x");

  EXPECT_EQ(buffer.capacity(), 0U);
  buffer.append("again");
  EXPECT_EQ(buffer.view(), "again");
}

}  // namespace
}  // namespace hydrant::net
