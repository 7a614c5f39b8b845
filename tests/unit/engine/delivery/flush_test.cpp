// Flush: what was acknowledged when it was called is written when it returns, and nothing else.
#include "unit/engine/delivery/delivery_test.h"

namespace hydrant::delivery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class FlushTest : public DeliveryTest {};

TEST_F(FlushTest, WritesWhatIsBufferedAndNamesIt) {
  create("logs");
  put("logs", {"a", "b"});
  const FlushResult result = flush();
  EXPECT_THAT(bodies(), ElementsAre("ab"));
  EXPECT_THAT(result.written, ElementsAre("bucket/" + sink.written()[0].key));
  EXPECT_THAT(result.unwritten, IsEmpty());
}

TEST_F(FlushTest, WritesNothingWhenNothingIsBuffered) {
  create("logs");
  EXPECT_THAT(flush().written, IsEmpty());
  EXPECT_EQ(sink.attempts(), 0);
}

TEST_F(FlushTest, GoesThroughTheTransformWithoutTheClock) {
  create("logs", transformed());
  put("logs", {"a"});
  EXPECT_THAT(flush().written, SizeIs(1));
  EXPECT_EQ(delivered(), "<a>");
  EXPECT_EQ(clock.now(), kStart);
}

TEST_F(FlushTest, StopsTheClockOfTheBuffersItCuts) {
  create("logs");
  put("logs", {"a"});
  flush();
  advance(1h);
  EXPECT_THAT(bodies(), ElementsAre("a"));
}

TEST_F(FlushTest, RetriesAtOnceAndCountsTheSameAttempts) {
  create("logs", transformed());
  function->answer_with([](const Event&) { return function_error(); });
  put("logs", {"a"});
  flush();
  EXPECT_EQ(function->invocations(), 4u);
  ASSERT_THAT(bodies(), SizeIs(1));
  EXPECT_THAT(bodies()[0], HasSubstr(R"("attemptsMade":4,)"));
}

TEST_F(FlushTest, TakesUpABatchThatWaitsForItsRetry) {
  create("logs", transformed());
  function->answer_with([](const Event&) { return function_error(); });
  put("logs", {"a"});
  advance(63s);  // one retry is made, the next is due in 5 s
  EXPECT_EQ(function->invocations(), 2u);
  EXPECT_EQ(stream("logs")->state().batches_backing_off, 1u);
  flush();
  EXPECT_EQ(function->invocations(), 4u);
  EXPECT_THAT(bodies()[0], HasSubstr(R"("attemptsMade":4,)"));

  advance(1h);
  EXPECT_EQ(function->invocations(), 4u);
  EXPECT_THAT(bodies(), SizeIs(1));
}

TEST_F(FlushTest, WaitsForWhatIsInFlight) {
  create("logs", transformed());
  function->hold();
  put("logs", {"a"});
  auto result = begin_flush();
  function->wait_for_invocations(1);
  function->release();
  EXPECT_THAT(result.get().written, SizeIs(1));
  EXPECT_EQ(delivered(), "<a>");
}

TEST_F(FlushTest, MoreBatchesThanMayBeInFlightAreAllTaken) {
  create("logs", transformed(lambda(3, 60, 0.2)));
  function->answer_with([](const Event& event) {
    return all_ok(event, [](const auto& data) { return data.substr(0, 1); });
  });
  for (char name = 'a'; name < 'm'; ++name) put("logs", {std::string(300'000, name)});
  flush();
  EXPECT_EQ(delivered(), "abcdefghijkl");
}

TEST_F(FlushTest, WhatAHandlerPutsMeanwhileBelongsToTheNextOne) {
  create("logs", transformed());
  function->answer_with([this](const Event& event) {
    if (event.records[0].data == "first") put("logs", {"second"});
    return all_ok(event);
  });
  put("logs", {"first"});
  flush();
  EXPECT_THAT(bodies(), ElementsAre("<first>"));
  flush();
  EXPECT_THAT(bodies(), ElementsAre("<first>", "<second>"));
}

TEST_F(FlushTest, WhatAHandlerPutsIntoAnotherOneBelongsToTheNextOne) {
  create("a", transformed());
  create("b");
  function->answer_with([this](const Event& event) {
    put("b", {"from a"});
    return all_ok(event);
  });
  put("a", {"x"});
  put("b", {"y"});
  EXPECT_THAT(flush().written, SizeIs(2));
  EXPECT_THAT(bodies(), testing::UnorderedElementsAre("<x>", "y"));
  flush();
  EXPECT_EQ(bodies().back(), "from a");
}

TEST_F(FlushTest, AWriteThatFailsIsNamedAndTheDataStays) {
  create("logs");
  put("logs", {"a"});
  sink.fail_with("the disk is full");
  const FlushResult result = flush();
  EXPECT_THAT(result.written, IsEmpty());
  ASSERT_THAT(result.unwritten, SizeIs(1));
  EXPECT_THAT(result.unwritten[0].object, StartsWith("bucket/2026/01/02/03/logs-1-"));
  EXPECT_EQ(result.unwritten[0].error, "the disk is full");

  sink.fail_with(std::nullopt);
  EXPECT_THAT(flush().written, ElementsAre(result.unwritten[0].object));
  EXPECT_THAT(bodies(), ElementsAre("a"));
}

TEST_F(FlushTest, AFailedFlushLeavesTheRetriesOnTheClock) {
  create("logs");
  put("logs", {"a"});
  sink.fail_with("the disk is full");
  flush();
  sink.fail_with(std::nullopt);
  advance(1s);
  EXPECT_THAT(bodies(), ElementsAre("a"));
}

TEST_F(FlushTest, AWriteThatWaitsForItsRetryIsTriedAtOnce) {
  create("logs");
  put("logs", {"a"});
  sink.fail_with("the disk is full");
  advance(310s);
  put("logs", {"b"});
  sink.fail_with(std::nullopt);
  EXPECT_THAT(flush().written, SizeIs(2));
  EXPECT_THAT(bodies(), ElementsAre("a", "b"));
}

TEST_F(FlushTest, NamesObjectsByBucketAndKey) {
  create("here");
  S3Settings s3;
  s3.bucket = "elsewhere";
  create("there", s3);
  put("here", {"a"});
  put("there", {"b"});
  EXPECT_THAT(flush().written, ElementsAre(StartsWith("bucket/"), StartsWith("elsewhere/")));
}

TEST_F(FlushTest, OneByName) {
  create("a");
  create("b");
  put("a", {"in a"});
  put("b", {"in b"});
  std::promise<std::optional<FlushResult>> promise;
  pool.post_waiter([&] { promise.set_value(registry.flush("b")); });
  EXPECT_THAT(promise.get_future().get()->written, SizeIs(1));
  EXPECT_THAT(bodies(), ElementsAre("in b"));
  EXPECT_EQ(registry.flush("c"), std::nullopt);
}

TEST_F(FlushTest, SeveralAtATimeShareTheWork) {
  create("logs", transformed());
  function->hold();
  put("logs", {"a"});
  auto first = begin_flush();
  function->wait_for_invocations(1);
  put("logs", {"b"});
  auto second = begin_flush();
  function->wait_for_invocations(2);
  function->release();
  first.get();
  EXPECT_THAT(second.get().unwritten, IsEmpty());
  EXPECT_EQ(delivered(), "<a><b>");
}

TEST_F(FlushTest, EndsWhenTheDeliveryStreamIsRemoved) {
  create("logs", transformed());
  function->hold();
  put("logs", {"a"});
  auto result = begin_flush();
  function->wait_for_invocations(1);
  registry.remove(named("logs").id);
  EXPECT_THAT(result.get().written, IsEmpty());
}

TEST_F(FlushTest, StoppingTakesWhatHandlersPutAsWell) {
  create("logs", transformed());
  function->answer_with([this](const Event& event) {
    const std::string& data = event.records[0].data;
    if (data.size() < 5) put("logs", {data + "x"});
    return all_ok(event);
  });
  put("logs", {"x"});
  std::promise<std::vector<Undelivered>> promise;
  pool.post_waiter([&] { promise.set_value(registry.stop(true)); });
  EXPECT_THAT(promise.get_future().get(), IsEmpty());
  EXPECT_EQ(delivered(), "<x><xx><xxx><xxxx><xxxxx>");
}

TEST_F(FlushTest, StoppingReportsWhatStaysUndelivered) {
  create("logs");
  create("quiet");
  put("logs", {"abc", "d"});
  sink.fail_with("the disk is full");
  std::promise<std::vector<Undelivered>> promise;
  pool.post_waiter([&] { promise.set_value(registry.stop(true)); });
  const auto rest = promise.get_future().get();
  ASSERT_THAT(rest, SizeIs(1));
  EXPECT_EQ(rest[0].id.name, "logs");
  EXPECT_EQ(rest[0].records, 2u);
  EXPECT_EQ(rest[0].bytes, 4u);
  EXPECT_EQ(rest[0].error, "the disk is full");
}

// On the real clock, where intervals never end while the test runs.
TEST(FlushOnRealClockTest, DeliversAtOnce) {
  RealClock clock;
  Random random{1};
  MemoryBudget memory{1 << 30};
  FakeSink sink;
  auto function = std::make_shared<FakeFunction>();
  function->answer_with([](const Event&) { return function_error(); });
  streams::Registry streams({clock, memory, {}}, {}, streams::WhenFull::refuse);
  ThreadPool pool;
  DeliveryRegistry registry({.clock = clock,
                             .pool = pool,
                             .random = random,
                             .memory = memory,
                             .streams = streams,
                             .sink = sink,
                             .find_function = [&](const std::string&) { return function; },
                             .logger = Logger::silent(),
                             .failure_record_style = FailureRecordStyle::current,
                             .quota = {}},
                            0s);
  DeliveryStreamSettings settings;
  settings.id = {"123456789012", "us-east-1", "logs"};
  settings.s3.bucket = "bucket";
  settings.s3.processing.lambda = lambda();
  const std::string_view record = "a";
  registry.create(settings)->append({&record, 1});

  std::promise<FlushResult> promise;
  pool.post_waiter([&] { promise.set_value(registry.flush()); });
  EXPECT_THAT(promise.get_future().get().written, SizeIs(1));
  EXPECT_EQ(function->invocations(), 4u);
  pool.wait_idle();
}

}  // namespace
}  // namespace hydrant::delivery
