#include "core/random.h"

#include <gmock/gmock.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

namespace hydrant {
namespace {

using testing::MatchesRegex;

TEST(RandomTest, OneSeedGivesOneSequence) {
  Random a(7), b(7), c(8);
  EXPECT_EQ(a.next(), b.next());
  EXPECT_NE(a.next(), c.next());
}

TEST(RandomTest, ARestartBeginsTheSequenceAgain) {
  Random random(7);
  const auto first = random.next();
  random.next();
  random.restart();
  EXPECT_EQ(random.next(), first);
}

TEST(RandomTest, AUuidIsOfVersionFourInLowerCase) {
  Random random(1);
  for (int i = 0; i < 1000; ++i)
    ASSERT_THAT(random.uuid(),
                MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                             "[0-9a-f]{12}"));
}

TEST(RandomTest, UuidsDiffer) {
  Random random(1);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.uuid());
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(RandomTest, UnitsLieBetweenZeroAndOne) {
  Random random(1);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double unit = random.unit();
    ASSERT_GE(unit, 0.0);
    ASSERT_LT(unit, 1.0);
    sum += unit;
  }
  EXPECT_NEAR(sum / 10'000, 0.5, 0.02);
}

TEST(RandomTest, AsManyBytesAreWrittenAsAreAskedFor) {
  for (std::size_t size = 0; size < 20; ++size) {
    Random random(1);
    std::string room(size + 1, '#');
    random.bytes(room.data(), size);
    EXPECT_EQ(room.back(), '#') << size;
  }
}

TEST(RandomTest, ThreadsNeverShareANumber) {
  Random random(1);
  std::vector<std::vector<std::uint64_t>> numbers(4);
  std::vector<std::thread> threads;
  for (auto& mine : numbers)
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) mine.push_back(random.next());
    });
  for (auto& thread : threads) thread.join();
  std::set<std::uint64_t> all;
  for (const auto& mine : numbers) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 4000U);
}

}  // namespace
}  // namespace hydrant
