#include "engine/streams/registry.h"

#include <gmock/gmock.h>

#include <atomic>
#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace hydrant::streams {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;

constexpr TimePoint kStart{seconds(1000)};
constexpr Delays kDelays{seconds(1), seconds(2), seconds(3)};

class RegistryTest : public testing::Test {
 protected:
  explicit RegistryTest(Delays delays = {}, WhenFull when_full = WhenFull::refuse)
      : registry_({clock_, memory_, {.enabled = false}}, delays, when_full) {}

  static StreamId id(const std::string& name) { return {"1", "r", name}; }
  std::shared_ptr<Stream> create(const std::string& name, std::int32_t shards = 1) {
    return registry_.create(id(name), {}, shards);
  }
  // A record with its place in the memory budget.
  bool put(Stream& stream, const std::string& data) {
    const NewRecord record{data, "k", HashKey{}};
    if (!registry_.make_room(Shard::footprint(record))) return false;
    Placement placement;
    stream.append({&record, 1}, {&placement, 1});
    return placement.placed;
  }
  static std::vector<std::string> names(const std::vector<std::shared_ptr<Stream>>& streams) {
    std::vector<std::string> all;
    for (const auto& stream : streams) all.push_back(stream->id().name);
    return all;
  }

  VirtualClock clock_{kStart};
  MemoryBudget memory_{3 * kMiB};
  Registry registry_;
};

TEST_F(RegistryTest, AStreamIsFoundByItsWholeId) {
  const auto stream = create("s");
  EXPECT_EQ(registry_.find(id("s")), stream);
  EXPECT_FALSE(registry_.find({"2", "r", "s"}));
  EXPECT_FALSE(registry_.find({"1", "q", "s"}));
}

TEST_F(RegistryTest, ANameIsTakenOnce) {
  create("s");
  EXPECT_FALSE(create("s"));
  EXPECT_FALSE(registry_.create_active(id("s"), {}, 1));
}

TEST_F(RegistryTest, AListHoldsOneAccountAndRegionByName) {
  create("b");
  create("a");
  registry_.create({"1", "q", "c"}, {}, 1);
  registry_.create({"2", "r", "d"}, {}, 1);
  EXPECT_THAT(names(registry_.list("1", "r", "", 10)), ElementsAre("a", "b"));
  EXPECT_EQ(registry_.all().size(), 4U);
}

TEST_F(RegistryTest, AListBeginsBehindANameWhetherThereIsAStreamOfItOrNot) {
  for (const auto* name : {"a", "b", "c"}) create(name);
  EXPECT_THAT(names(registry_.list("1", "r", "a", 10)), ElementsAre("b", "c"));
  EXPECT_THAT(names(registry_.list("1", "r", "aa", 10)), ElementsAre("b", "c"));
  EXPECT_THAT(names(registry_.list("1", "r", "c", 10)), ElementsAre());
}

TEST_F(RegistryTest, AListEndsWhenItHoldsAsManyAsWereAskedFor) {
  for (const auto* name : {"a", "b", "c"}) create(name);
  EXPECT_THAT(names(registry_.list("1", "r", "", 2)), ElementsAre("a", "b"));
}

TEST_F(RegistryTest, WithoutDelaysEverythingIsDoneAtOnce) {
  const auto stream = create("s", 2);
  EXPECT_EQ(stream->status(), Status::active);
  registry_.merge(stream, 0, 1);
  EXPECT_EQ(stream->status(), Status::active);
  EXPECT_EQ(stream->open_shards().size(), 1U);
  registry_.remove(stream);
  EXPECT_FALSE(registry_.find(id("s")));
}

TEST_F(RegistryTest, RecordsLeaveMemoryWithinAMinuteOfAgeingOut) {
  const auto stream = create("s");
  clock_.advance(hours(5));
  ASSERT_TRUE(put(*stream, "x"));
  clock_.advance(hours(24));
  EXPECT_GT(memory_.used(), 0);
  clock_.advance(minutes(1) + seconds(1));
  EXPECT_EQ(memory_.used(), 0);
}

TEST_F(RegistryTest, TrimmingGoesOnForAsLongAsTheStreamLives) {
  const auto stream = create("s");
  for (int day = 0; day < 100; ++day) {
    ASSERT_TRUE(put(*stream, std::string(1000, 'x')));
    clock_.advance(hours(24));
  }
  EXPECT_LE(memory_.used(), 16 * 1024);
}

TEST_F(RegistryTest, AClearedRegistryHoldsNeitherStreamsNorRecords) {
  put(*create("s"), "x");
  registry_.clear();
  EXPECT_FALSE(registry_.find(id("s")));
  EXPECT_EQ(memory_.used(), 0);
}

TEST_F(RegistryTest, AFullMemoryRefusesUnlessItMayTrim) {
  const auto stream = create("s");
  ASSERT_TRUE(put(*stream, std::string(2 * kMiB, 'x')));
  EXPECT_FALSE(put(*stream, std::string(2 * kMiB, 'x')));
}

class DelayedRegistryTest : public RegistryTest {
 protected:
  DelayedRegistryTest() : RegistryTest(kDelays) {}
};

TEST_F(DelayedRegistryTest, EachChangeTakesItsOwnTime) {
  const auto stream = create("s");
  clock_.advance(milliseconds(999));
  EXPECT_EQ(stream->status(), Status::creating);
  clock_.advance(milliseconds(1));
  EXPECT_EQ(stream->status(), Status::active);
  registry_.split(stream, 0, HashKey(100));
  clock_.advance(milliseconds(1999));
  EXPECT_EQ(stream->status(), Status::updating);
  EXPECT_EQ(stream->open_shards().size(), 1U);
  clock_.advance(milliseconds(1));
  EXPECT_EQ(stream->status(), Status::active);
  EXPECT_EQ(stream->open_shards().size(), 2U);
  registry_.remove(stream);
  clock_.advance(milliseconds(2999));
  EXPECT_EQ(stream->status(), Status::deleting);
  clock_.advance(milliseconds(1));
  EXPECT_FALSE(registry_.find(id("s")));
}

TEST_F(DelayedRegistryTest, AConfiguredStreamIsActiveAtOnce) {
  EXPECT_EQ(registry_.create_active(id("s"), {}, 1)->status(), Status::active);
}

TEST_F(DelayedRegistryTest, AReshardOfADeletingStreamLeavesItDeleting) {
  const auto stream = registry_.create_active(id("s"), {}, 1);
  registry_.split(stream, 0, HashKey(100));
  clock_.advance(seconds(1));
  registry_.remove(stream);
  clock_.advance(seconds(1));
  EXPECT_EQ(stream->status(), Status::deleting);
}

TEST_F(DelayedRegistryTest, AClearedRegistryHasNoWorkUnderWay) {
  const auto old = create("s");
  registry_.clear();
  const auto fresh = registry_.create_active(id("s"), {}, 1);
  registry_.split(fresh, 0, HashKey(100));
  clock_.advance(seconds(1));
  EXPECT_EQ(old->status(), Status::creating);
  clock_.advance(seconds(1));
  EXPECT_EQ(fresh->open_shards().size(), 2U);
}

TEST_F(DelayedRegistryTest, ADeletedStreamsTimerDoesNotReachItsSuccessor) {
  registry_.remove(registry_.create_active(id("s"), {}, 1));
  clock_.advance(seconds(3));
  const auto next = registry_.create_active(id("s"), {}, 1);
  clock_.advance(hours(1));
  EXPECT_EQ(registry_.find(id("s")), next);
}

class TrimmingRegistryTest : public RegistryTest {
 protected:
  TrimmingRegistryTest() : RegistryTest({}, WhenFull::trim) {}
};

TEST_F(TrimmingRegistryTest, TheOldestRecordsOfAllStreamsMakeRoom) {
  const auto old = create("old"), young = create("young");
  ASSERT_TRUE(put(*old, std::string(kMiB, 'x')));
  clock_.advance(seconds(1));
  ASSERT_TRUE(put(*young, std::string(kMiB, 'x')));
  ASSERT_TRUE(put(*young, std::string(3 * kMiB / 2, 'x')));
  EXPECT_FALSE(old->oldest_arrival());
  EXPECT_TRUE(young->oldest_arrival());
}

TEST_F(TrimmingRegistryTest, WhatCanNeverFitIsRefused) {
  const auto stream = create("s");
  EXPECT_FALSE(put(*stream, std::string(4 * kMiB, 'x')));
}

// Two clients ask to split one shard. Were both granted, the ring would be covered twice.
TEST_F(DelayedRegistryTest, OfSeveralChangesAtATimeOneIsGranted) {
  const auto stream = registry_.create_active(id("s"), {}, 1);
  EXPECT_TRUE(registry_.split(stream, 0, HashKey(100)));
  EXPECT_FALSE(registry_.split(stream, 0, HashKey(200)));
  EXPECT_FALSE(registry_.update_shard_count(stream, 2));
  clock_.advance(hours(1));
  EXPECT_EQ(stream->open_shards().size(), 2U);
}

TEST_F(DelayedRegistryTest, OneOfManyThreadsIsGrantedItsChange) {
  for (int round = 0; round < 50; ++round) {
    const auto stream = registry_.create_active(id(std::to_string(round)), {}, 1);
    std::atomic<int> granted{0};
    std::latch together(4);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        together.arrive_and_wait();
        if (registry_.split(stream, 0, HashKey(100))) ++granted;
      });
    for (auto& thread : threads) thread.join();
    ASSERT_EQ(granted, 1);
  }
}

// What usage() is to say, from the streams themselves.
class UsageTest : public RegistryTest {
 protected:
  explicit UsageTest(Delays delays = {}) : RegistryTest(delays) {}
  Usage walked() const {
    Usage sum;
    for (const auto& stream : registry_.all()) {
      const bool on_demand = stream->settings().mode == Mode::on_demand;
      if (stream->status() == Status::creating) ++sum.creating;
      if (on_demand) ++sum.on_demand;
      if (!on_demand) sum.open_shards += std::ssize(stream->open_shards());
    }
    return sum;
  }
  Usage usage() const { return registry_.usage("1", "r"); }
};

class DelayedUsageTest : public UsageTest {
 protected:
  DelayedUsageTest() : UsageTest(kDelays) {}
};

TEST_F(DelayedUsageTest, AStreamCountsAsCreatingUntilItIsActive) {
  create("s");
  EXPECT_EQ(usage().creating, 1);
  clock_.advance(seconds(1));
  EXPECT_EQ(usage().creating, 0);
}

TEST_F(DelayedUsageTest, AStreamThatIsDeletedWhileCreatingIsNotCreatingAnyMore) {
  registry_.remove(create("s"));
  EXPECT_EQ(usage().creating, 0);
  clock_.advance(seconds(1));
  EXPECT_EQ(usage().creating, 0);
}

TEST_F(DelayedUsageTest, TheShardsOfADeletedStreamCountUntilItIsGone) {
  const auto stream = create("s", 3);
  registry_.remove(stream);
  EXPECT_EQ(usage().open_shards, 3);
  clock_.advance(seconds(3));
  EXPECT_EQ(usage(), Usage{});
}

TEST_F(UsageTest, OfShardsTheOpenOnesCount) {
  const auto stream = create("s", 2);
  registry_.split(stream, 0, HashKey(100));
  EXPECT_EQ(usage().open_shards, 3);
  registry_.merge(stream, 2, 3);
  EXPECT_EQ(usage().open_shards, 2);
  registry_.update_shard_count(stream, 3);
  EXPECT_EQ(usage().open_shards, 3);
}

TEST_F(UsageTest, TheShardsOfAnOnDemandStreamDoNotCount) {
  const auto stream = create("s", 4);
  registry_.set_mode(stream, Mode::on_demand, 0);
  EXPECT_EQ(usage(), (Usage{.creating = 0, .on_demand = 1, .open_shards = 0}));
  registry_.set_mode(stream, Mode::provisioned, 0);
  EXPECT_EQ(usage(), (Usage{.creating = 0, .on_demand = 0, .open_shards = 4}));
}

TEST_F(UsageTest, EachAccountAndRegionHasItsOwn) {
  create("s");
  registry_.create({"1", "q", "s"}, {}, 2);
  registry_.create({"2", "r", "s"}, {}, 3);
  EXPECT_EQ(usage().open_shards, 1);
  EXPECT_EQ(registry_.usage("1", "q").open_shards, 2);
  EXPECT_EQ(registry_.usage("2", "r").open_shards, 3);
  EXPECT_EQ(registry_.usage("2", "q"), Usage{});
}

TEST_F(UsageTest, ANameThatIsTakenDoesNotCountTwice) {
  create("s");
  create("s");
  EXPECT_EQ(usage().open_shards, 1);
}

TEST_F(UsageTest, AClearedRegistryBeginsAtNothing) {
  const auto old = create("s", 2);
  registry_.clear();
  EXPECT_EQ(usage(), Usage{});
  old->split(0, HashKey(100));
  create("s");
  EXPECT_EQ(usage().open_shards, 1);
}

TEST_F(UsageTest, ItIsWhatTheStreamsAddUpToAfterManyChangesAtATime) {
  std::vector<std::thread> threads;
  for (int worker = 0; worker < 4; ++worker)
    threads.emplace_back([this, worker] {
      for (int round = 0; round < 100; ++round) {
        // The names of the workers overlap.
        const auto name = std::to_string((worker + round) % 5);
        create(name, 2);
        const auto stream = registry_.find(id(name));
        if (!stream) continue;
        registry_.update_shard_count(stream, round % 2 == 0 ? 4 : 2);
        registry_.set_mode(stream, round % 3 == 0 ? Mode::on_demand : Mode::provisioned, 0);
        if (round % 4 == worker) registry_.remove(stream);
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(usage(), walked());
  EXPECT_FALSE(registry_.all().empty());
}

}  // namespace
}  // namespace hydrant::streams
