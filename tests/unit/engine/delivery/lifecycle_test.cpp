// Creation, removal, reset, memory and quotas.
#include "unit/engine/delivery/delivery_test.h"

namespace hydrant::delivery {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class LifecycleTest : public DeliveryTest {
 protected:
  LifecycleTest() : DeliveryTest(1 << 30, 500ms) {}
  std::shared_ptr<DeliveryStream> active(const std::string& name, S3Settings s3 = {}) {
    return registry.create_active(named(name, std::move(s3)));
  }
};

TEST_F(LifecycleTest, AnAcceptedOneIsActiveWhenItsDelayIsOver) {
  create("logs");
  EXPECT_EQ(stream("logs")->status(), DeliveryStatus::creating);
  EXPECT_EQ(put("logs", {"a"}).status, AppendStatus::not_active);
  advance(499ms);
  EXPECT_EQ(stream("logs")->status(), DeliveryStatus::creating);
  advance(1ms);
  EXPECT_EQ(stream("logs")->status(), DeliveryStatus::active);
  EXPECT_EQ(stream("logs")->activated_at(), kStart + 500ms);
  EXPECT_EQ(put("logs", {"a"}).status, AppendStatus::accepted);
}

TEST_F(LifecycleTest, AConfiguredOneIsActiveAtOnce) {
  EXPECT_EQ(active("logs")->status(), DeliveryStatus::active);
}

TEST_F(LifecycleTest, ANameIsTakenOnce) {
  active("logs");
  EXPECT_EQ(active("logs"), nullptr);
  EXPECT_EQ(create("logs"), nullptr);
}

TEST_F(LifecycleTest, TheSameNameInAnotherRegionIsAnotherOne) {
  active("logs");
  auto settings = named("logs");
  settings.id.region = "eu-west-1";
  EXPECT_NE(registry.create_active(settings), nullptr);
  EXPECT_THAT(registry.list("123456789012", "us-east-1"), SizeIs(1));
  EXPECT_THAT(registry.all(), SizeIs(2));
}

TEST_F(LifecycleTest, APageOfAListBeginsBehindANameAndHoldsWhatIsWanted) {
  for (const auto* name : {"a", "b", "c", "d", "e"}) active(name);
  const auto wanted = [](const DeliveryStream& stream) { return stream.id().name != "c"; };
  const auto page = registry.list("123456789012", "us-east-1", "a", 2, wanted);
  ASSERT_THAT(page, SizeIs(2));
  EXPECT_EQ(page[0], stream("b"));
  EXPECT_EQ(page[1], stream("d"));
}

TEST_F(LifecycleTest, AnAttachmentIsKept) {
  const auto note = std::make_shared<int>(7);
  registry.create_active(named("logs"), note);
  EXPECT_EQ(stream("logs")->attachment(), note);
}

TEST_F(LifecycleTest, RemovalDiscardsWhatIsBufferedAndCountsIt) {
  const auto removed = active("logs");
  put("logs", {"abc", "de"});
  EXPECT_TRUE(registry.remove(named("logs").id));
  EXPECT_FALSE(registry.remove(named("logs").id));
  EXPECT_EQ(stream("logs"), nullptr);
  advance(1h);
  EXPECT_THAT(bodies(), IsEmpty());
  EXPECT_EQ(registry.counters().discarded_records, 2u);
  EXPECT_EQ(registry.counters().discarded_bytes, 5u);
  EXPECT_EQ(registry.counters().incoming_records, 2u);
  EXPECT_EQ(memory.used(), 0);
  EXPECT_EQ(removed->status(), DeliveryStatus::deleted);
}

TEST_F(LifecycleTest, RemovalDropsWhatIsInFlightAndWaiting) {
  active("logs", transformed(lambda(3, 60, 0.2)));
  function->hold();
  for (int i = 0; i < 7; ++i) put("logs", {std::string(300'000, 'x')});
  function->wait_for_invocations(5);
  registry.remove(named("logs").id);
  EXPECT_EQ(registry.counters().discarded_records, 7u);
  function->release();
  settle();
  advance(1h);
  EXPECT_THAT(bodies(), IsEmpty());
  EXPECT_EQ(function->invocations(), 5u);
  EXPECT_EQ(memory.used(), 0);
}

TEST_F(LifecycleTest, ANameCanBeUsedAgain) {
  active("logs");
  put("logs", {"old"});
  registry.remove(named("logs").id);
  active("logs");
  put("logs", {"new"});
  advance(300s);
  EXPECT_THAT(bodies(), ElementsAre("new"));
}

TEST_F(LifecycleTest, PutsAreCountedByTheirCall) {
  const auto logs = registry.create_active(named("logs"));
  const std::string_view records[] = {"ab", "c"};
  logs->append(records, PutCall::batch);
  logs->append({records, 1}, PutCall::record);
  const auto counted = counters("logs");
  EXPECT_EQ(counted.incoming_put_requests, 2U);
  EXPECT_EQ(counted.put_record_requests, 1U);
  EXPECT_EQ(counted.put_record_bytes, 2U);
  EXPECT_EQ(counted.put_record_batch_requests, 1U);
  EXPECT_EQ(counted.put_record_batch_records, 2U);
  EXPECT_EQ(counted.put_record_batch_bytes, 3U);
}

TEST_F(LifecycleTest, ResetForgetsAll) {
  active("logs");
  active("slow", transformed());
  function->answer_with([](const Event&) { return function_error(); });
  put("logs", {"a"});
  put("slow", {"b"});
  advance(61s);
  registry.clear();
  EXPECT_THAT(registry.all(), IsEmpty());
  EXPECT_EQ(registry.counters().incoming_records, 0u);
  advance(1h);
  EXPECT_THAT(bodies(), IsEmpty());
  EXPECT_EQ(function->invocations(), 1u);
  EXPECT_EQ(memory.used(), 0);
}

TEST_F(LifecycleTest, ResetDropsAWriteThatWaitsForItsRetry) {
  active("logs");
  put("logs", {"a"});
  sink.fail_with("the disk is full");
  advance(300s);
  registry.clear();
  sink.fail_with(std::nullopt);
  advance(1h);
  EXPECT_EQ(sink.attempts(), 1);
}

class SmallMemoryTest : public DeliveryTest {
 protected:
  SmallMemoryTest() : DeliveryTest(10'000) {}
};

TEST_F(SmallMemoryTest, UndeliveredDataIsKeptAndMoreIsRefused) {
  create("logs");
  EXPECT_EQ(put("logs", {std::string(9'000, 'a')}).status, AppendStatus::accepted);
  EXPECT_EQ(put("logs", {std::string(600, 'b'), std::string(600, 'c')}).status, AppendStatus::full);
  EXPECT_EQ(put("logs", {std::string(1'000, 'd')}).status, AppendStatus::accepted);
  EXPECT_EQ(counters("logs").refused_records, 2u);

  flush();
  EXPECT_EQ(delivered(), std::string(9'000, 'a') + std::string(1'000, 'd'));
  EXPECT_EQ(memory.used(), 0);
  EXPECT_EQ(put("logs", {std::string(9'000, 'e')}).status, AppendStatus::accepted);
}

TEST_F(SmallMemoryTest, WhatATransformMakesIsNotRefused) {
  create("logs", transformed());
  function->answer_with([](const Event& event) {
    return all_ok(event, [](const auto&) { return std::string(50'000, 'x'); });
  });
  put("logs", {"a"});
  advance(60s);
  EXPECT_EQ(memory.used(), 50'000);
  EXPECT_EQ(put("logs", {"b"}).status, AppendStatus::full);
  advance(300s);
  EXPECT_EQ(memory.used(), 0);
}

class QuotaTest : public DeliveryTest {
 protected:
  QuotaTest() : DeliveryTest(1 << 30, 0s, {.enabled = true, .scale = 0.001, .burst_seconds = 1}) {}
};

TEST_F(QuotaTest, RecordsOverTheQuotaAreNamedAndNotKept) {
  create("logs");  // 5242.88 bytes, 500 records and 2 requests a second
  const auto result = put("logs", {std::string(5'000, 'a'), std::string(500, 'b'), "c"});
  EXPECT_EQ(result.status, AppendStatus::accepted);
  EXPECT_THAT(result.throttled, ElementsAre(1));
  EXPECT_THAT(put("logs", {"d"}).throttled, IsEmpty());
  EXPECT_THAT(put("logs", {"e", "f"}).throttled, ElementsAre(0, 1));
  advance(1s);
  EXPECT_THAT(put("logs", {"g"}).throttled, IsEmpty());
  flush();
  EXPECT_EQ(delivered(), std::string(5'000, 'a') + "cdg");
  EXPECT_EQ(counters("logs").throttled_records, 3u);
  EXPECT_EQ(memory.used(), 0);
}

class TrimmingTest : public DeliveryTest {
 protected:
  TrimmingTest()
      : DeliveryTest(700 * 1024, 500ms, {.enabled = true, .scale = 0.001, .burst_seconds = 1},
                     FailureRecordStyle::current, 500, streams::WhenFull::trim) {
    const auto clicks = streams.create_active({"123456789012", "us-east-1", "clicks"}, {}, 1);
    const std::string data(40'000, 'a');
    for (int i = 0; i < 10; ++i) {
      const streams::NewRecord record{data, "key", streams::HashKey(0)};
      EXPECT_TRUE(streams.make_room(streams::Shard::footprint(record)));
      streams::Placement placement;
      clicks->append({&record, 1}, {&placement, 1});
    }
    full = memory.used();
  }
  std::int64_t full = 0;
};

// Nothing that can be read goes for it.
TEST_F(TrimmingTest, OnlyWhatIsTakenMakesRoomForItself) {
  create("logs");
  const std::string large(400'000, 'b');
  EXPECT_EQ(put("logs", {large}).status, AppendStatus::not_active);
  EXPECT_EQ(memory.used(), full);
  advance(500ms);
  EXPECT_THAT(put("logs", {large, "c"}).throttled, ElementsAre(0));
  EXPECT_EQ(memory.used(), full + 1);
}

}  // namespace
}  // namespace hydrant::delivery
