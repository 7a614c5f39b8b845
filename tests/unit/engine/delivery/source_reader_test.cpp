// The reader of a Kinesis stream by itself: what it hands over, shard by shard, is what was put,
// whatever happens to the stream, the limits and the memory meanwhile.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/random.h"
#include "engine/delivery/batch.h"
#include "engine/delivery/source.h"
#include "engine/streams/hash_key.h"

namespace hydrant::delivery {
namespace {

using namespace std::chrono_literals;
using streams::HashKey;

const TimePoint kStart = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2);
const streams::StreamId kClicks{"123456789012", "us-east-1", "clicks"};
using Lines = std::vector<std::string>;

// Takes what is read and holds its memory until it is delivered.
class Ledger final : public SourceTarget {
 public:
  void take_read(std::span<const streams::Record> records, Reservation memory) override {
    if (failures > 0) {
      --failures;
      throw std::runtime_error("no");
    }
    for (const auto& record : records) {
      by_shard[record.number.shard].emplace_back(record.data);
      const std::size_t place = count++;
      first_place.emplace(record.number.shard, place);
      last_place[record.number.shard] = place;
    }
    held.push_back(std::move(memory));
  }
  bool holds_nothing() const override { return held.empty(); }
  void deliver() { held.clear(); }
  Lines lines(std::int32_t shard = 0) const {
    const auto found = by_shard.find(shard);
    return found == by_shard.end() ? Lines() : found->second;
  }

  int failures = 0;
  std::size_t count = 0;
  std::map<std::int32_t, Lines> by_shard;
  std::map<std::int32_t, std::size_t> first_place, last_place;  // in the order of arrival
  std::vector<Reservation> held;
};

class SourceReaderTest : public ::testing::Test {
 protected:
  explicit SourceReaderTest(std::int64_t memory_max = 1 << 30)
      : memory(memory_max), streams({clock, memory, {}}, {}, streams::WhenFull::refuse) {
    settings.stream = kClicks;
  }

  void create_clicks(std::int32_t shards = 1) {
    clicks = streams.create_active(kClicks, {}, shards);
  }
  // A record at a place on the ring in 1/256ths. True if the shard had room for it.
  bool put(const std::string& data, unsigned place = 0) {
    return put_at(data, HashKey(static_cast<HashKey::Value>(place) << 120)) >= 0;
  }
  // The number of the shard that took it, -1 if none did.
  std::int32_t put_at(const std::string& data, HashKey hash) {
    const streams::NewRecord record{data, "key", hash};
    if (!streams.make_room(streams::Shard::footprint(record))) return -1;
    streams::Placement placement;
    clicks->append({&record, 1}, {&placement, 1});
    return placement.placed ? placement.number.shard : -1;
  }
  void use_up_reads(std::int32_t shard) {
    for (int i = 0; i < 5; ++i) (void)clicks->shard(shard)->read(1, {}, clock.now(), {});
  }
  PollReport poll_after(Duration pause) {
    clock.advance(pause);
    return source.poll();
  }
  // Takes all memory but so much.
  void leave_memory(std::int64_t bytes) {
    taken += memory.bytes_max() - memory.used() - bytes;
    memory.release(-(memory.bytes_max() - memory.used() - bytes));
  }
  void give_memory_back() { memory.release(std::exchange(taken, 0)); }
  static constexpr HashKey kMiddle{static_cast<HashKey::Value>(128) << 120};

  VirtualClock clock{kStart};
  MemoryBudget memory;
  streams::Registry streams;
  KinesisSourceSettings settings;
  Ledger ledger;
  KinesisSource source{settings_of_clicks(), streams, clock, memory, ledger};
  std::shared_ptr<streams::Stream> clicks;
  std::int64_t taken = 0;

 private:
  static KinesisSourceSettings settings_of_clicks() {
    KinesisSourceSettings settings;
    settings.stream = kClicks;
    return settings;
  }
};

TEST_F(SourceReaderTest, AThrottledShardDoesNotHoldUpTheOthers) {
  create_clicks(3);
  source.start();
  for (const unsigned place : {0u, 100u, 200u}) put("x", place);
  use_up_reads(1);
  EXPECT_EQ(source.poll().reads_refused, 1u);
  EXPECT_EQ(ledger.lines(0), Lines{"x"});
  EXPECT_EQ(ledger.lines(1), Lines());
  EXPECT_EQ(ledger.lines(2), Lines{"x"});
  EXPECT_EQ(poll_after(1s).reads_refused, 0u);
  EXPECT_EQ(ledger.lines(1), Lines{"x"});
}

TEST_F(SourceReaderTest, ReadsTenThousandRecordsASecond) {
  create_clicks();
  source.start();
  for (int second = 0; second < 11; ++second, clock.advance(1s))
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(put("x"));
  source.poll();
  EXPECT_EQ(ledger.count, 10'000u);
  poll_after(1s);
  EXPECT_EQ(ledger.count, 11'000u);
}

TEST_F(SourceReaderTest, TenMebibytesCloseTheShardForFiveSecondsToEverybody) {
  create_clicks();
  source.start();
  const std::string big(1'000'000, 'x');
  for (int i = 0; i < 14; ++i, clock.advance(1s)) ASSERT_TRUE(put(big));
  source.poll();
  EXPECT_EQ(ledger.count, 10u);
  EXPECT_EQ(poll_after(1s).reads_refused, 1u);
  const auto other = clicks->shard(0)->read(1, {}, clock.now(), {});
  EXPECT_TRUE(std::holds_alternative<streams::ReadRefused>(other));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(poll_after(1s).reads_refused, 1u);
  EXPECT_EQ(poll_after(1s).reads_refused, 0u);
  EXPECT_EQ(ledger.count, 14u);
}

TEST_F(SourceReaderTest, ChildrenAreReadInTheRoundThatDrainsTheirParents) {
  create_clicks();
  source.start();
  put("1");
  clicks->split(0, kMiddle);
  put("2");
  clicks->merge(1, 2);
  put("3");
  source.poll();
  EXPECT_EQ(ledger.by_shard, (std::map<std::int32_t, Lines>{{0, {"1"}}, {1, {"2"}}, {3, {"3"}}}));
}

TEST_F(SourceReaderTest, WhatAgedOutUnreadIsCountedAndReadingGoesOnBehindIt) {
  create_clicks();
  source.start();
  put("a");
  put("b");
  clock.advance(25h);
  put("c");
  EXPECT_EQ(source.poll().records_trimmed, 2u);
  EXPECT_EQ(ledger.lines(), Lines{"c"});
  EXPECT_EQ(poll_after(1s).records_trimmed, 0u);
}

TEST_F(SourceReaderTest, StartedAgainItGoesOnWhereItStopped) {
  create_clicks();
  source.start();
  put("1");
  source.poll();
  source.stop();
  put("2");
  clicks->split(0, kMiddle);
  put("3");
  poll_after(1s);
  EXPECT_EQ(ledger.count, 1u);
  source.start();
  poll_after(1s);
  EXPECT_EQ(ledger.lines(0), (Lines{"1", "2"}));
  EXPECT_EQ(ledger.lines(1), Lines{"3"});
}

TEST_F(SourceReaderTest, StoppedItReadsForNoFlushEither) {
  create_clicks();
  source.start();
  put("1");
  source.stop();
  EXPECT_TRUE(source.read_to(source.tips()));
  EXPECT_EQ(ledger.count, 0u);
}

TEST_F(SourceReaderTest, WhatTheTargetFailedToTakeIsReadAgain) {
  create_clicks();
  source.start();
  put("1");
  ledger.failures = 1;
  EXPECT_THROW(source.poll(), std::runtime_error);
  EXPECT_EQ(ledger.count, 0u);
  const std::int64_t used = memory.used();
  EXPECT_EQ(static_cast<std::uint64_t>(used), clicks->shard(0)->counters(clock.now()).bytes_held);
  poll_after(1s);
  EXPECT_EQ(ledger.lines(), Lines{"1"});
}

TEST_F(SourceReaderTest, ADeletedStreamIsReportedOnceAndItsSuccessorReadFromTheStart) {
  create_clicks();
  source.start();
  put("1");
  source.poll();
  streams.remove(clicks);
  clock.advance(1s);
  EXPECT_TRUE(poll_after(1s).lost_stream);
  EXPECT_FALSE(poll_after(1s).lost_stream);
  create_clicks(2);
  put("2");
  put("3", 200);
  poll_after(1s);
  EXPECT_EQ(ledger.lines(0), (Lines{"1", "2"}));
  EXPECT_EQ(ledger.lines(1), Lines{"3"});
}

TEST_F(SourceReaderTest, WithLittleMemoryItTakesWhatThereIsRoomFor) {
  create_clicks();
  source.start();
  put("first");
  source.poll();
  for (int i = 0; i < 10; ++i) put(std::string(1000, 'x'));
  leave_memory(5500);
  poll_after(1s);
  EXPECT_EQ(ledger.count, 6u);
  give_memory_back();
  poll_after(1s);
  EXPECT_EQ(ledger.count, 11u);
}

TEST_F(SourceReaderTest, WithTheMemoryFullShardsTakeTurns) {
  create_clicks(2);
  source.start();
  put("first");
  source.poll();
  const std::string record(1000, 'x');
  for (int i = 0; i < 3; ++i) {
    put(record, 0);
    put(record, 200);
  }
  const std::int64_t room = 1003 + static_cast<std::int64_t>(sizeof(SourceBatch::Entry));
  for (int i = 0; i < 2; ++i) {
    leave_memory(room);
    poll_after(1s);
    give_memory_back();
  }
  EXPECT_EQ(ledger.lines(1).size(), 1u);
}

TEST_F(SourceReaderTest, HowFarItIsBehindIsToldAsOfTheLastPoll) {
  create_clicks();
  source.start();
  source.poll();
  EXPECT_EQ(source.millis_behind(), 0);
  put("a");
  EXPECT_EQ(source.millis_behind(), 0);
  clock.advance(700ms);
  use_up_reads(0);
  source.poll();
  EXPECT_EQ(source.millis_behind(), 700);
  poll_after(1s);
  EXPECT_EQ(source.millis_behind(), 0);
}

TEST_F(SourceReaderTest, BehindItTellsTheAgeOfTheLastRecordRead) {
  create_clicks();
  source.start();
  for (int second = 0; second < 12; ++second, clock.advance(1s))
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(put("x"));
  source.poll();  // what was put in the first ten seconds
  EXPECT_EQ(source.millis_behind(), 3000);
}

TEST_F(SourceReaderTest, TheTargetMayAskHowThingsStand) {
  create_clicks();
  struct Asking final : SourceTarget {
    void take_read(std::span<const streams::Record>, Reservation) override {
      tips = source->tips().by_shard.size();
      retention = source->retention();
    }
    bool holds_nothing() const override { return true; }
    KinesisSource* source = nullptr;
    std::size_t tips = 0;
    Duration retention{};
  } asking;
  KinesisSource reader(settings, streams, clock, memory, asking);
  asking.source = &reader;
  reader.start();
  put("1");
  reader.poll();
  EXPECT_EQ(asking.tips, 1u);
  EXPECT_EQ(asking.retention, 24h);
}

TEST_F(SourceReaderTest, PollsFlushesReshardsAndQuestionsMayComeAtOnce) {
  create_clicks(4);
  source.start();
  std::atomic<bool> over = false;
  std::vector<std::jthread> threads;
  threads.emplace_back([&] {
    while (!over) poll_after(1s);
  });
  threads.emplace_back([&] {
    while (!over) EXPECT_TRUE(source.read_to(source.tips()));
  });
  threads.emplace_back([&] {
    while (!over) (void)(source.at_tip() ? source.millis_behind() : source.retention().count());
  });
  std::map<std::int32_t, Lines> expected;
  for (unsigned i = 0; i < 2000; ++i) {
    const std::string data = std::to_string(i);
    const std::int32_t shard =
        put_at(data, HashKey(static_cast<HashKey::Value>(i * 37 % 256) << 120));
    if (shard >= 0) expected[shard].push_back(data);
    const auto open = clicks->open_shards();
    if (i % 200 == 100) clicks->merge(open[0]->number(), open[1]->number());
    if (i % 200 == 199) clicks->split(open[0]->number(), HashKey(HashKey::Value(1) << 120));
  }
  over = true;
  threads.clear();
  EXPECT_TRUE(source.read_to(source.tips()));
  EXPECT_EQ(ledger.by_shard, expected);
}

// Puts, reshards, throttling, full memory, failures, restarts and flushes in any order.
class RandomSourceTest : public SourceReaderTest, public ::testing::WithParamInterface<int> {
 protected:
  void put_some() {
    for (std::uint64_t left = 1 + random.next() % 8; left > 0; --left) {
      const HashKey hash((static_cast<HashKey::Value>(random.next()) << 64) | random.next());
      const std::string data = std::to_string(puts++);
      const std::int32_t shard = put_at(data, hash);
      if (shard >= 0) expected[shard].push_back(data);
    }
  }
  std::size_t any_of(std::size_t count) { return random.next() % count; }
  void split_one() {
    const auto open = clicks->open_shards();
    if (open.size() > 12) return;
    const auto& shard = open[any_of(open.size())];
    const auto& range = shard->range();
    clicks->split(shard->number(), HashKey(range.first.value() +
                                           (range.last.value() - range.first.value()) / 2 + 1));
  }
  void merge_two() {
    const auto open = clicks->open_shards();
    if (open.size() < 2) return;
    const std::size_t lower = any_of(open.size() - 1);
    clicks->merge(open[lower]->number(), open[lower + 1]->number());
  }
  void poll_once() {
    try {
      poll_after(1s);
    } catch (const std::runtime_error&) {
    }
  }
  void step() {
    switch (any_of(12)) {
      case 0:
        return split_one();
      case 1:
        return merge_two();
      case 2: {
        const auto open = clicks->open_shards();
        return use_up_reads(open[any_of(open.size())]->number());
      }
      case 3:
        return leave_memory(static_cast<std::int64_t>(any_of(400)));
      case 4:
        give_memory_back();
        return ledger.deliver();
      case 5:
        ledger.failures = 1;
        return;
      case 6:
        return any_of(2) == 0 ? source.stop() : source.start();
      case 7:
        ledger.failures = 0;
        return void(source.read_to(source.tips()));
      case 8:
      case 9:
        return poll_once();
      default:
        return put_some();
    }
  }
  void read_all() {
    give_memory_back();
    ledger.deliver();
    ledger.failures = 0;
    source.start();
    for (int i = 0; i < 100 && !source.at_tip(); ++i) poll_after(1s);
  }
  void expect_children_behind_their_parents() {
    for (const auto& shard : clicks->shards()) {
      const auto first = ledger.first_place.find(shard->number());
      if (first == ledger.first_place.end()) continue;
      for (const auto& parent : {shard->lineage().parent, shard->lineage().adjacent_parent}) {
        const auto last = ledger.last_place.find(parent.value_or(-1));
        if (last == ledger.last_place.end()) continue;
        EXPECT_LT(last->second, first->second);
      }
    }
  }

  Random random{static_cast<std::uint64_t>(GetParam())};
  std::uint64_t puts = 0;
  std::map<std::int32_t, Lines> expected;
};

TEST_P(RandomSourceTest, EveryShardIsHandedOverWholeAndInOrder) {
  create_clicks(1 + static_cast<std::int32_t>(any_of(4)));
  source.start();
  for (int i = 0; i < 120; ++i) step();
  read_all();
  EXPECT_EQ(ledger.by_shard, expected);
  expect_children_behind_their_parents();
  EXPECT_EQ(source.millis_behind(), 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomSourceTest, ::testing::Range(1, 301));

}  // namespace
}  // namespace hydrant::delivery
