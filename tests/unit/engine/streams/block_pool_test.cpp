#include "engine/streams/block_pool.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <vector>

namespace hydrant::streams {
namespace {

constexpr std::size_t kMiB = 1024 * 1024;

TEST(BlockPoolTest, ABlockHoldsWhatItIsTakenFor) {
  EXPECT_EQ(BlockPool::block_bytes(1), BlockPool::kBlockBytesMin);
  EXPECT_EQ(BlockPool::block_bytes(4097), 8192U);
  EXPECT_EQ(BlockPool::block_bytes(kMiB), kMiB);
  EXPECT_EQ(BlockPool::own_block_bytes(300'000), 303'104U);
}

TEST(BlockPoolTest, BlocksDoNotOverlap) {
  BlockPool pool;
  std::vector<std::pair<char*, std::size_t>> blocks;
  for (int round = 0; round < 50; ++round) {
    for (std::size_t bytes = BlockPool::kBlockBytesMin; bytes <= kMiB; bytes *= 2)
      blocks.emplace_back(pool.take(bytes), bytes);
    blocks.emplace_back(pool.take(BlockPool::own_block_bytes(300'000)), 303'104);
  }
  for (std::size_t i = 0; i < blocks.size(); ++i)
    std::memset(blocks[i].first, static_cast<int>(i % 251), blocks[i].second);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    EXPECT_EQ(blocks[i].first[0], static_cast<char>(i % 251));
    EXPECT_EQ(blocks[i].first[blocks[i].second - 1], static_cast<char>(i % 251));
    pool.give(blocks[i].first, blocks[i].second);
  }
  EXPECT_EQ(pool.bytes_in_use(), 0U);
}

TEST(BlockPoolTest, WhatWasGivenBackIsTakenAgain) {
  BlockPool pool;
  char* const first = pool.take(64 * 1024);
  pool.give(first, 64 * 1024);
  EXPECT_EQ(pool.bytes_spare(), 64U * 1024);
  EXPECT_EQ(pool.take(64 * 1024), first);
  EXPECT_EQ(pool.bytes_spare(), 0U);
  pool.give(first, 64 * 1024);
}

TEST(BlockPoolTest, OfAllThatIsGivenBackLittleKeepsItsMemory) {
  BlockPool pool;
  std::vector<char*> blocks;
  for (std::size_t i = 0; i < 200; ++i) {
    blocks.push_back(pool.take(kMiB));
    std::memset(blocks.back(), 1, kMiB);
  }
  for (std::size_t i = 0; i < 100; ++i) pool.give(blocks[i], kMiB);
  EXPECT_EQ(pool.bytes_in_use(), 100 * kMiB);
  EXPECT_LE(pool.bytes_spare(), 100 * kMiB / 16);
  EXPECT_GT(pool.bytes_spare(), 0U);
  for (std::size_t i = 100; i < 200; ++i) pool.give(blocks[i], kMiB);
  EXPECT_LE(pool.bytes_spare(), 2 * kMiB);
}

// The addresses of blocks without memory serve again, so that a server that runs for long does not
// run out of them; what stood there is gone, which tells that the memory was.
TEST(BlockPoolTest, BlocksWithoutMemoryAreTakenBeforeNewOnes) {
  BlockPool pool;
  std::set<char*> blocks;
  for (int i = 0; i < 16; ++i) blocks.insert(pool.take(kMiB));
  for (char* const block : blocks) {
    std::memset(block, 1, kMiB);
    pool.give(block, kMiB);
  }
  int hollow = 0;
  std::vector<char*> again;
  for (int i = 0; i < 16; ++i) {
    again.push_back(pool.take(kMiB));
    EXPECT_TRUE(blocks.contains(again.back()));
    if (again.back()[0] == 0) ++hollow;
  }
  EXPECT_EQ(hollow, 14);
  for (char* const block : again) pool.give(block, kMiB);
}

}  // namespace
}  // namespace hydrant::streams
