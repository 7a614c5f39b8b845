#include "net/spares.h"

#include <gtest/gtest.h>

#include <string>

#include "net/byte_buffer.h"

namespace hydrant::net {
namespace {

constexpr std::size_t kLarge = 64 * 1024;

TEST(SparesTest, TheBufferThatWasUsedLastIsTheNext) {
  Spares<ByteBuffer> spares;
  ByteBuffer first(kLarge), second(kLarge);
  const char* const last = second.data();
  second.append("used");
  spares.give(std::move(first));
  spares.give(std::move(second));

  auto taken = spares.take();
  EXPECT_EQ(taken.data(), last);
  EXPECT_EQ(taken.size(), 0U);
  EXPECT_GE(taken.capacity(), kLarge);
}

TEST(SparesTest, WithoutASpareABufferIsEmpty) {
  Spares<ByteBuffer> spares;
  EXPECT_EQ(spares.take().capacity(), 0U);
}

TEST(SparesTest, SmallBuffersAndVeryLargeOnesAreNotKept) {
  Spares<std::string> spares;
  spares.give(std::string("small"));
  spares.give(std::string(32 * 1024 * 1024, 'x'));
  EXPECT_EQ(spares.size(), 0U);
}

TEST(SparesTest, FromWhatSizeOnTheyAreKeptMayBeSaid) {
  Spares<std::string> spares(100);
  EXPECT_FALSE(spares.keeps(std::string(50, 'x')));
  spares.give(std::string(50, 'x'));
  EXPECT_EQ(spares.size(), 0U);
  EXPECT_TRUE(spares.keeps(std::string(200, 'x')));
  spares.give(std::string(200, 'x'));
  EXPECT_EQ(spares.size(), 1U);
}

TEST(SparesTest, NoMoreAreKeptThanAreOfUse) {
  Spares<std::string> spares;
  for (int i = 0; i < 100; ++i) spares.give(std::string(kLarge, 'x'));
  EXPECT_EQ(spares.size(), 16U);
}

TEST(SparesTest, WhatNobodyTakesIsDroppedByTheNextSweepButOne) {
  Spares<std::string> spares;
  for (int i = 0; i < 3; ++i) spares.give(std::string(kLarge, 'x'));
  spares.sweep();  // all of them are new
  EXPECT_EQ(spares.size(), 3U);
  spares.give(spares.take());
  spares.sweep();
  EXPECT_EQ(spares.size(), 1U);
  spares.sweep();
  EXPECT_EQ(spares.size(), 0U);
}

}  // namespace
}  // namespace hydrant::net
