#include "engine/streams/hash_key.h"

#include <gmock/gmock.h>

#include <thread>
#include <vector>

namespace hydrant::streams {
namespace {

constexpr const char* kMaxText = "340282366920938463463374607431768211455";

TEST(HashKeyTest, APartitionKeyIsDigestedByMd5) {
  EXPECT_EQ(HashKey::of_partition_key("a").str(), "16955237001963240173058271559858726497");
  EXPECT_EQ(HashKey::of_partition_key("b").str(), "195289424170611159128911017612795795343");
  EXPECT_EQ(HashKey::of_partition_key("e").str(), "299611584147932843547128611849858313266");
  EXPECT_EQ(HashKey::of_partition_key("key-1").str(), "44775357070821016797045618461742138278");
}

TEST(HashKeyTest, TheEmptyKeyHasADigestToo) {
  EXPECT_EQ(HashKey::of_partition_key("").str(), "281949768489412648962353822266799178366");
}

TEST(HashKeyTest, EveryThreadDigestsTheSame) {
  std::vector<HashKey> keys(4);
  std::vector<std::thread> threads;
  for (auto& key : keys)
    threads.emplace_back([&key] {
      for (int i = 0; i < 100; ++i) key = HashKey::of_partition_key("key-" + std::to_string(i));
    });
  for (auto& thread : threads) thread.join();
  for (const auto& key : keys) EXPECT_EQ(key, keys[0]);
}

TEST(HashKeyTest, DecimalsAreReadUpToTheTopOfTheRing) {
  EXPECT_EQ(HashKey::parse("0")->value(), 0U);
  EXPECT_EQ(HashKey::parse(kMaxText), HashKey::max());
}

TEST(HashKeyTest, WhatLiesOffTheRingIsNoKey) {
  EXPECT_FALSE(HashKey::parse("340282366920938463463374607431768211456"));
  EXPECT_FALSE(HashKey::parse("340282366920938463463374607431768211460"));
  EXPECT_FALSE(HashKey::parse("999999999999999999999999999999999999999"));
  EXPECT_FALSE(HashKey::parse("1000000000000000000000000000000000000000"));
}

TEST(HashKeyTest, WhatIsNoDecimalIsNoKey) {
  for (const auto* text : {"", "-1", "+1", " 1", "1.0", "0x1", "1a"})
    EXPECT_FALSE(HashKey::parse(text)) << text;
}

TEST(HashKeyTest, WritingIsTheInverseOfReading) {
  for (const auto* text : {"0", "9", "10", "18446744073709551616", kMaxText})
    EXPECT_EQ(HashKey::parse(text)->str(), text);
}

TEST(HashRangeTest, BothEndsBelongToIt) {
  const HashRange range{HashKey(10), HashKey(20)};
  EXPECT_FALSE(range.contains(HashKey(9)));
  EXPECT_TRUE(range.contains(HashKey(10)));
  EXPECT_TRUE(range.contains(HashKey(20)));
  EXPECT_FALSE(range.contains(HashKey(21)));
}

TEST(HashRangeTest, ItAdjoinsTheRangeThatBeginsBehindIt) {
  const HashRange left{HashKey(10), HashKey(20)};
  EXPECT_TRUE(left.adjoins({HashKey(21), HashKey(30)}));
  EXPECT_FALSE(left.adjoins({HashKey(22), HashKey(30)}));
  EXPECT_FALSE(left.adjoins({HashKey(0), HashKey(9)}));
}

TEST(HashRangeTest, TheTopOfTheRingAdjoinsNothing) {
  const HashRange top{HashKey(10), HashKey::max()};
  EXPECT_FALSE(top.adjoins({HashKey(0), HashKey(9)}));
}

TEST(HashKeyTest, ManyKeysAreHashedAsEachByItself) {
  std::vector<std::string> texts;
  for (std::size_t size = 0; size < 131; ++size) texts.emplace_back(size * 7 % 131, 'k');
  const std::vector<std::string_view> keys(texts.begin(), texts.end());
  for (std::size_t count = 0; count <= keys.size(); ++count) {
    std::vector<HashKey> together(count);
    HashKey::of_partition_keys(std::span(keys).first(count), together);
    for (std::size_t i = 0; i < count; ++i)
      ASSERT_EQ(together[i], HashKey::of_partition_key(keys[i])) << i << " of " << count;
  }
}

}  // namespace
}  // namespace hydrant::streams
