#include "engine/streams/token_bucket.h"

#include <gmock/gmock.h>

namespace hydrant::streams {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint kStart{seconds(1000)};

TEST(TokenBucketTest, ItStartsFull) {
  const TokenBucket bucket(10, 30, kStart);
  EXPECT_TRUE(bucket.holds(30));
  EXPECT_FALSE(bucket.holds(30.5));
}

TEST(TokenBucketTest, WhatIsTakenIsGone) {
  TokenBucket bucket(10, 30, kStart);
  bucket.take(30);
  EXPECT_FALSE(bucket.holds(1));
}

TEST(TokenBucketTest, ItRefillsAtItsRate) {
  TokenBucket bucket(10, 30, kStart);
  bucket.take(30);
  bucket.refill(kStart + milliseconds(500));
  EXPECT_TRUE(bucket.holds(5));
  EXPECT_FALSE(bucket.holds(5.001));
}

TEST(TokenBucketTest, ManySmallRefillsAreOneLargeOne) {
  TokenBucket bucket(1'000'000, 1'000'000, kStart);
  bucket.take(1'000'000);
  for (int i = 1; i <= 1000; ++i) bucket.refill(kStart + microseconds(i));
  EXPECT_DOUBLE_EQ(bucket.level(), 1000);
}

TEST(TokenBucketTest, ItNeverHoldsMoreThanItsCapacity) {
  TokenBucket bucket(10, 30, kStart);
  bucket.refill(kStart + hours(1000));
  EXPECT_EQ(bucket.level(), 30);
}

TEST(TokenBucketTest, TimeThatGoesBackwardsIsNoRefill) {
  TokenBucket bucket(10, 30, kStart);
  bucket.take(30);
  bucket.refill(kStart - seconds(1));
  EXPECT_EQ(bucket.level(), 0);
  bucket.refill(kStart + seconds(1));
  EXPECT_EQ(bucket.level(), 10);
}

}  // namespace
}  // namespace hydrant::streams
