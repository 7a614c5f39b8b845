#include "engine/streams/early_trim.h"

#include <gmock/gmock.h>

namespace hydrant::streams {
namespace {

using std::chrono::seconds;

constexpr TimePoint kStart{seconds(1'767'225'600)};
constexpr std::size_t kOwnBlock = 256 * 1024;  // a record of that size has a block of its own

class EarlyTrimTest : public testing::Test {
 protected:
  std::shared_ptr<Shard> shard() {
    const auto number = static_cast<std::int32_t>(shards_.size());
    shards_.push_back(std::make_shared<Shard>(number, HashRange{}, Shard::Lineage{}, 0, kStart,
                                              ThrottleSettings{.enabled = false}, kMiB, memory_,
                                              std::make_shared<BlockPool>()));
    return shards_.back();
  }
  void put(Shard& shard, std::int64_t second) {
    now_ = kStart + seconds(second);
    const std::string data(kOwnBlock, 'x');
    const NewRecord record{data, "k", HashKey{}};
    constexpr std::uint32_t kOnly = 0;
    Placement placement;
    shard.append({&record, 1}, {&kOnly, 1}, {&placement, 1}, now_);
  }
  // One block.
  std::int64_t trim_one() {
    return trim_.trim(1, now_, [this] {
      ++looks_;
      return shards_;
    });
  }
  static std::int64_t age_of_oldest(const Shard& shard) {
    const auto oldest = shard.oldest_arrival();
    return oldest ? std::chrono::duration_cast<seconds>(*oldest - kStart).count() : -1;
  }

  MemoryBudget memory_{100 * kMiB};
  ShardList shards_;
  EarlyTrim trim_;
  TimePoint now_ = kStart;
  int looks_ = 0;
};

TEST_F(EarlyTrimTest, TheOldestRecordOfAllShardsGoesFirst) {
  const auto a = shard(), b = shard();
  put(*a, 1);
  put(*b, 2);
  put(*a, 3);
  EXPECT_GE(trim_one(), static_cast<std::int64_t>(kOwnBlock));
  EXPECT_EQ(age_of_oldest(*a), 3);
  trim_one();
  EXPECT_EQ(age_of_oldest(*b), -1);
  EXPECT_EQ(age_of_oldest(*a), 3);
}

TEST_F(EarlyTrimTest, AllIsDroppedWhenAllIsAskedFor) {
  const auto a = shard(), b = shard();
  for (int second = 0; second < 5; ++second) put(second % 2 == 0 ? *a : *b, second);
  EXPECT_GE(trim_.trim(100 * kMiB, now_, [this] { return shards_; }),
            static_cast<std::int64_t>(5 * kOwnBlock));
  EXPECT_EQ(memory_.used(), 0);
  EXPECT_EQ(trim_one(), 0);
}

TEST_F(EarlyTrimTest, ShardsAreLookedAtOnceForAllThatIsOlderThanTheLook) {
  const auto a = shard(), b = shard();
  for (int second = 0; second < 6; ++second) put(second % 2 == 0 ? *a : *b, second);
  for (int i = 0; i < 6; ++i) trim_one();
  EXPECT_EQ(looks_, 1);
}

// It was empty when the others were looked at, so all it has is newer than what they had then.
TEST_F(EarlyTrimTest, AShardThatCameLaterHasItsTurnWhenItsRecordsAreTheOldest) {
  const auto a = shard();
  put(*a, 1);
  put(*a, 2);
  trim_one();
  const auto late = shard();
  put(*late, 3);
  put(*a, 4);
  trim_one();
  EXPECT_EQ(age_of_oldest(*a), 4);
  trim_one();
  EXPECT_EQ(age_of_oldest(*late), -1);
  EXPECT_EQ(age_of_oldest(*a), 4);
}

TEST_F(EarlyTrimTest, WhatHasAgedOutMeanwhileCostsNoYoungerRecord) {
  const auto a = shard(), b = shard();
  put(*a, 1);
  put(*b, 2);
  put(*b, 3);
  put(*a, 5);
  trim_one();                           // the first of a
  b->trim_before(kStart + seconds(3));  // the first of b
  trim_one();
  EXPECT_EQ(age_of_oldest(*b), -1);
  EXPECT_EQ(age_of_oldest(*a), 5);
}

TEST_F(EarlyTrimTest, AShardThatIsGoneIsPassedOver) {
  const auto a = shard();
  {
    const auto gone = shard();
    put(*gone, 1);
    put(*gone, 2);
  }
  put(*a, 3);
  put(*a, 4);
  trim_one();
  shards_.pop_back();
  trim_one();
  EXPECT_EQ(age_of_oldest(*a), 4);
}

}  // namespace
}  // namespace hydrant::streams
