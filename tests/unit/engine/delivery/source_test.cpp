// A Kinesis stream as the source: from where it is read, and through reshards, full memory and
// loss.
#include <map>
#include <numeric>

#include "engine/streams/hash_key.h"
#include "unit/engine/delivery/delivery_test.h"

namespace hydrant::delivery {
namespace {

using streams::HashKey;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

const streams::StreamId kClicks{"123456789012", "us-east-1", "clicks"};

class SourceTest : public DeliveryTest {
 protected:
  explicit SourceTest(std::int64_t memory_max = 1 << 30) : DeliveryTest(memory_max) {}

  std::shared_ptr<streams::Stream> create_clicks(std::int32_t shards = 1) {
    clicks = streams.create_active(kClicks, {}, shards);
    return clicks;
  }
  std::shared_ptr<DeliveryStream> read_clicks(S3Settings s3 = {}) {
    auto settings = named("logs", std::move(s3));
    settings.source_type = SourceType::kinesis_stream;
    settings.source.stream = kClicks;
    settings.source.arn = kClicks.arn();
    return registry.create_active(settings);
  }
  // A record whose place on the ring is given in 1/256ths.
  void put_click(const std::string& data, unsigned place = 0) {
    const HashKey hash(static_cast<HashKey::Value>(place) << 120);
    const streams::NewRecord record{data, "key", hash};
    ASSERT_TRUE(streams.make_room(streams::Shard::footprint(record)));
    streams::Placement placement;
    clicks->append({&record, 1}, {&placement, 1});
    ASSERT_TRUE(placement.placed) << data;
  }
  // How often each number between 0 and `count` is among the lines delivered.
  std::vector<int> times_delivered(int count) const {
    std::vector<int> times(static_cast<std::size_t>(count));
    std::istringstream lines(delivered());
    for (std::string line; std::getline(lines, line);) ++times.at(std::stoul(line));
    return times;
  }
  static constexpr HashKey kMiddle{static_cast<HashKey::Value>(128) << 120};

  std::shared_ptr<streams::Stream> clicks;
};

TEST_F(SourceTest, ReadsWhatIsPutOnceItIsActiveAndNothingFromBefore) {
  create_clicks();
  put_click("before");
  read_clicks();
  put_click("a");
  advance(1s);
  put_click("b");
  advance(300s);
  EXPECT_EQ(delivered(), "ab");
}

TEST_F(SourceTest, PollsOnceASecond) {
  create_clicks();
  read_clicks();
  put_click("a");
  advance(999ms);
  EXPECT_EQ(counters("logs").data_read_from_kinesis_stream_records, 0u);
  advance(1ms);
  EXPECT_EQ(counters("logs").data_read_from_kinesis_stream_records, 1u);
  EXPECT_EQ(counters("logs").incoming_bytes, 1u);
}

TEST_F(SourceTest, NamesCarryTheArrivalAtKinesisWhileTheIntervalRunsFromTheReading) {
  create_clicks();
  read_clicks();
  put_click("a");
  advance(300s);
  EXPECT_THAT(bodies(), IsEmpty());
  advance(1s);
  ASSERT_THAT(bodies(), SizeIs(1));
  EXPECT_THAT(sink.written()[0].key, StartsWith("2026/01/02/03/logs-1-2026-01-02-03-04-00-"));
}

TEST_F(SourceTest, TheEventTellsTheArrivalAtKinesis) {
  create_clicks();
  read_clicks(transformed());
  advance(500ms);
  put_click("a");
  advance(61s);
  const auto arrival = std::to_string(epoch_millis(kStart + 500ms));
  ASSERT_EQ(function->invocations(), 1u);
  EXPECT_THAT(function->events()[0].json,
              HasSubstr(R"("approximateArrivalTimestamp":)" + arrival + R"(,"data":"YQ==")"));
  EXPECT_THAT(function->events()[0].json,
              HasSubstr(R"("subsequenceNumber":0,"partitionKey":"key",)"
                        R"("shardId":"shardId-000000000000","approximateArrivalTimestamp":)" +
                        arrival));
  EXPECT_THAT(function->events()[0].records[0].id, SizeIs(62));
}

TEST_F(SourceTest, AppendingIsRefused) {
  create_clicks();
  read_clicks();
  EXPECT_EQ(put("logs", {"a"}).status, AppendStatus::wrong_source);
}

TEST_F(SourceTest, AShardWhoseReadsAreUsedUpIsReadTheNextSecond) {
  create_clicks();
  read_clicks();
  advance(999ms);
  put_click("a");
  const auto shard = clicks->shard(0);
  for (int i = 0; i < 5; ++i) (void)shard->read(1, {}, clock.now(), {});
  advance(1ms);
  EXPECT_EQ(counters("logs").throttled_get_records, 1u);
  EXPECT_EQ(counters("logs").incoming_records, 0u);
  advance(1s);
  EXPECT_EQ(counters("logs").incoming_records, 1u);
}

TEST_F(SourceTest, AFlushReadsToTheTipWhateverTheReadLimitSays) {
  create_clicks(2);
  read_clicks();
  put_click("a", 0);
  put_click("b", 200);
  for (const int number : {0, 1})
    for (int i = 0; i < 5; ++i) (void)clicks->shard(number)->read(1, {}, clock.now(), {});
  flush();
  EXPECT_EQ(delivered(), "ab");
}

TEST_F(SourceTest, WhatAHandlerPutsIntoTheSourceDuringAFlushBelongsToTheNextOne) {
  create_clicks();
  read_clicks(transformed());
  function->answer_with([this](const Event& event) {
    if (event.records[0].data == "first") put_click("second");
    return all_ok(event);
  });
  put_click("first");
  flush();
  EXPECT_EQ(delivered(), "<first>");
  flush();
  EXPECT_EQ(delivered(), "<first><second>");
}

TEST_F(SourceTest, ChildrenAreReadAfterTheirParentIsDrained) {
  create_clicks();
  read_clicks();
  put_click("1");
  clicks->split(0, kMiddle);
  put_click("2", 0);
  put_click("3", 200);
  advance(302s);
  EXPECT_EQ(delivered(), "123");
}

TEST_F(SourceTest, AMergedChildWaitsForBothParents) {
  create_clicks(2);
  read_clicks();
  advance(999ms);
  put_click("1", 0);
  put_click("2", 200);
  clicks->merge(0, 1);
  put_click("3", 0);
  // The second parent cannot be read in this second.
  for (int i = 0; i < 5; ++i) (void)clicks->shard(1)->read(1, {}, clock.now(), {});
  advance(1ms);
  EXPECT_EQ(counters("logs").incoming_records, 1u);
  advance(1s);
  EXPECT_EQ(counters("logs").incoming_records, 3u);
  advance(300s);
  EXPECT_EQ(delivered(), "123");
}

TEST_F(SourceTest, EveryRecordIsDeliveredOnceThroughSplitsAndMerges) {
  create_clicks();
  read_clicks();
  int count = 0;
  const auto put_some = [&] {
    for (int i = 0; i < 100; ++i, ++count)
      put_click(std::to_string(count) + "\n", static_cast<unsigned>(count * 37 % 256));
  };
  put_some();
  clicks->split(0, kMiddle);  // 1, 2
  put_some();
  advance(1s);
  put_some();
  clicks->split(1, HashKey(static_cast<HashKey::Value>(64) << 120));  // 3, 4
  put_some();
  clicks->merge(4, 2);  // 5
  put_some();
  clicks->merge(3, 5);  // 6
  put_some();
  advance(2s);
  put_some();
  flush();
  EXPECT_EQ(times_delivered(count), std::vector<int>(static_cast<std::size_t>(count), 1));
}

TEST_F(SourceTest, AFlushFollowsReshardsToo) {
  create_clicks();
  read_clicks();
  put_click("1");
  clicks->split(0, kMiddle);
  put_click("2", 0);
  clicks->merge(1, 2);
  put_click("3", 0);
  flush();
  EXPECT_EQ(delivered(), "123");
}

TEST_F(SourceTest, RecordsOfShardsClosedBeforeItWasActiveAreNotRead) {
  create_clicks();
  put_click("before");
  clicks->split(0, kMiddle);
  put_click("before too", 0);
  read_clicks();
  put_click("a", 0);
  put_click("b", 200);
  flush();
  EXPECT_EQ(delivered(), "ab");
}

TEST_F(SourceTest, ADeletedStreamIsNoTroubleAndANewOneIsReadFromItsStart) {
  create_clicks();
  read_clicks();
  put_click("a");
  advance(1s);
  streams.remove(clicks);
  advance(10s);
  create_clicks();
  put_click("b");
  advance(300s);
  EXPECT_EQ(delivered(), "ab");
}

TEST_F(SourceTest, AMissingStreamIsWaitedFor) {
  read_clicks();
  advance(10s);
  create_clicks();
  put_click("a");
  advance(301s);
  EXPECT_EQ(delivered(), "a");
}

TEST_F(SourceTest, RemovalStopsTheReading) {
  create_clicks();
  read_clicks();
  registry.remove(named("logs").id);
  put_click("a");
  const auto before = clicks->shard(0)->counters(clock.now()).records_out;
  advance(10s);
  EXPECT_EQ(clicks->shard(0)->counters(clock.now()).records_out, before);
}

// Such as a flush, or a poll.
TEST_F(SourceTest, WhatIsUnderWayAtARemovalReadsNoFurther) {
  create_clicks();
  const auto removed = read_clicks();
  put_click("a");
  registry.remove(named("logs").id);
  removed->start_flush(removed->begin_flush());
  EXPECT_EQ(clicks->shard(0)->counters(clock.now()).records_out, 0U);
}

TEST_F(SourceTest, StoppingReadsWhatIsLeft) {
  create_clicks();
  read_clicks();
  put_click("a");
  std::promise<std::vector<Undelivered>> promise;
  pool.post_waiter([&] { promise.set_value(registry.stop(true)); });
  EXPECT_THAT(promise.get_future().get(), IsEmpty());
  EXPECT_EQ(delivered(), "a");
}

TEST_F(SourceTest, DataThatCannotBeWrittenIsKeptAsLongAsTheSourceKeepsIt) {
  clicks = streams.create_active(kClicks, {.retention_hours = 2}, 1);
  read_clicks();
  put_click("a");
  sink.fail_with("the disk is full");
  advance(119min);
  EXPECT_EQ(counters("logs").discarded_records, 0u);
  advance(1min);
  EXPECT_EQ(counters("logs").discarded_records, 1u);
}

class SmallSourceTest : public SourceTest {
 protected:
  SmallSourceTest() : SourceTest(kMemory) {}
  static constexpr std::int64_t kMemory = 4'000'000;
};

TEST_F(SmallSourceTest, WithTheMemoryFullItDoesNotReadOn) {
  create_clicks();
  read_clicks();
  put_click("1");
  advance(1s);
  const std::int64_t rest = memory.bytes_max() - memory.used();
  const std::int64_t room = streams::Shard::footprint({"2", "key", {}});
  ASSERT_TRUE(memory.try_reserve(rest - room));  // just enough is left for the stream to take it
  put_click("2");
  memory.take(room);
  advance(5s);
  EXPECT_EQ(counters("logs").incoming_records, 1u);

  advance(297s);  // "1" is delivered, and what holds nothing is given some all the same
  EXPECT_EQ(counters("logs").incoming_records, 2u);
  memory.release(rest);
  flush();
  EXPECT_EQ(delivered(), "12");
}

TEST_F(SmallSourceTest, AFlushGetsToTheTipWithTheMemoryFull) {
  create_clicks();
  read_clicks();
  int count = 0;
  for (; count < 20; ++count) put_click(std::to_string(count) + std::string(40'000, ' ') + "\n", 0);
  const std::int64_t rest = memory.bytes_max() - memory.used();
  ASSERT_TRUE(memory.try_reserve(rest));
  flush();
  EXPECT_EQ(times_delivered(count), std::vector<int>(static_cast<std::size_t>(count), 1));
  memory.release(rest);
}

}  // namespace
}  // namespace hydrant::delivery
