// Batches on their way through a function: when they are cut, how many are under way, in what order
// they leave, and when they are tried again.
#include <algorithm>

#include "unit/engine/delivery/delivery_test.h"

namespace hydrant::delivery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr std::size_t kMiB = 1024 * 1024;

class TransformTest : public DeliveryTest {
 protected:
  // Each record is a batch: it is larger than the Lambda buffer.
  static std::string batch(char name) { return std::string(300 * 1024, name); }
  static S3Settings one_record_batches(std::int32_t retries = 3) {
    return transformed(lambda(retries, 60, 0.2));
  }
  void answer_with_first_letter() {
    function->answer_with([](const Event& event) {
      return all_ok(event, [](const auto& data) { return data.substr(0, 1); });
    });
  }
};

TEST_F(TransformTest, TakesTheIntervalOfTheLambdaAndThenThatOfTheDestination) {
  S3Settings s3 = transformed();
  s3.buffering_interval_s = 120;
  create("logs", s3);
  put("logs", {"a"});

  advance(59s);
  EXPECT_EQ(function->invocations(), 0u);
  advance(1s);
  EXPECT_EQ(function->invocations(), 1u);
  advance(119s);
  EXPECT_THAT(bodies(), IsEmpty());
  advance(1s);
  EXPECT_THAT(bodies(), ElementsAre("<a>"));
}

TEST_F(TransformTest, ObjectsAreNamedByTheArrivalOfTheSourceRecord) {
  create("logs", transformed());
  put("logs", {"a"});
  advance(360s);
  EXPECT_THAT(sink.written().at(0).key, StartsWith("2026/01/02/03/logs-1-2026-01-02-03-04-00-"));
}

TEST_F(TransformTest, ABatchIsCutByTheSizeOfTheLambdaBuffer) {
  create("logs", transformed(lambda(3, 60, 0.5)));
  put("logs", {std::string(kMiB / 2 - 1, 'x')});
  settle();
  EXPECT_EQ(function->invocations(), 0u);
  put("logs", {"y"});
  settle();
  EXPECT_EQ(function->invocations(), 1u);
}

TEST_F(TransformTest, ABatchIsCutSoThatItsEventFitsAnInvocation) {
  create("logs", transformed(lambda(3, 900, 3)));
  const std::vector<std::string> small(40'000, "x");
  put("logs", small);
  settle();
  ASSERT_GE(function->invocations(), 1u);
  flush();
  std::size_t records = 0;
  for (const Event& event : function->events()) {
    EXPECT_LE(event.json.size(), transform::kPayloadBytesMax);
    records += event.records.size();
  }
  EXPECT_EQ(records, small.size());
}

TEST_F(TransformTest, SmallRecordsAreCutOnlyWhenTheirEventIsNearlyFull) {
  create("logs", transformed(lambda(3, 900, 3)));
  put("logs", std::vector<std::string>(40'000, "x"));
  settle();
  ASSERT_GE(function->invocations(), 1u);
  EXPECT_GT(function->events()[0].json.size(), transform::kPayloadBytesMax * 9 / 10);
}

TEST_F(TransformTest, ARecordThatNoInvocationTakesFailsWithoutOne) {
  create("logs", transformed());
  put("logs", {"before", std::string(5 * kMiB, 'x'), "behind"});
  flush();
  EXPECT_EQ(function->invocations(), 2u);
  const auto written = sink.written();
  ASSERT_THAT(written, SizeIs(2));
  // Its line fills a buffer of 5 MiB, so it is written at once.
  const std::string tail = written[0].bytes.substr(written[0].bytes.size() - 400);
  EXPECT_THAT(tail, HasSubstr(R"("errorCode":"Lambda.FunctionError")"));
  EXPECT_THAT(tail, HasSubstr(R"("attemptsMade":1)"));
  EXPECT_EQ(written[1].bytes, "<before><behind>");
}

TEST_F(TransformTest, FiveInvocationsAreUnderWayAtMost) {
  create("logs", one_record_batches());
  function->hold();
  for (char name = 'a'; name < 'h'; ++name) put("logs", {batch(name)});
  function->wait_for_invocations(5);
  EXPECT_EQ(stream("logs")->state().batches_in_flight, 5u);
  EXPECT_EQ(stream("logs")->state().batches_waiting, 2u);

  function->let_pass(1);
  function->wait_for_invocations(6);
  EXPECT_EQ(stream("logs")->state().batches_in_flight, 5u);
  EXPECT_EQ(stream("logs")->state().batches_waiting, 1u);
}

TEST_F(TransformTest, ResultsAreDeliveredInTheOrderOfTheBatches) {
  create("logs", one_record_batches());
  // Each batch but the last is answered only when the one behind it has been.
  std::mutex mutex;
  std::condition_variable changed;
  char next = 'd';
  function->answer_with([&](const Event& event) {
    const char name = event.records[0].data[0];
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return next == name; });
    --next;
    changed.notify_all();
    return all_ok(event, [](const auto& data) { return data.substr(0, 1); });
  });
  for (char name = 'a'; name < 'e'; ++name) put("logs", {batch(name)});
  settle();
  advance(300s);
  EXPECT_EQ(delivered(), "abcd");
}

TEST_F(TransformTest, AFailingBatchIsOvertakenByNone) {
  create("logs", one_record_batches());
  function->answer_with([](const Event& event) {
    const bool bad = event.records[0].data[0] == 'a';
    return bad ? function_error() : all_ok(event, [](const auto& d) { return d.substr(0, 1); });
  });
  put("logs", {batch('a')});
  put("logs", {batch('b')});
  advance(19s);
  EXPECT_EQ(stream("logs")->state().buffers.at(1).records, 0u);
  advance(1s);
  EXPECT_EQ(stream("logs")->state().buffers.at(1).records, 1u);
  EXPECT_EQ(stream("logs")->state().buffers.at(2).records, 1u);
}

TEST_F(TransformTest, BackOffIsTwoSixAndTwelveSecondsOnTheClock) {
  create("logs", transformed());
  function->answer_with([](const Event&) { return function_error(); });
  put("logs", {"a"});
  std::vector<std::size_t> invocations;
  advance(60s);
  for (const auto wait : {1s, 1s, 5s, 1s, 11s, 1s}) {
    invocations.push_back(function->invocations());
    advance(wait);
  }
  invocations.push_back(function->invocations());
  EXPECT_THAT(invocations, ElementsAre(1, 1, 2, 2, 3, 3, 4));
}

TEST_F(TransformTest, FurtherRetriesAreTwelveSecondsApart) {
  create("logs", transformed(lambda(6)));
  function->answer_with([](const Event&) { return function_error(); });
  put("logs", {"a"});
  advance(60s + 20s);
  for (const std::size_t invocations : {5u, 6u, 7u}) {
    advance(11s);
    EXPECT_EQ(function->invocations(), invocations - 1);
    advance(1s);
    EXPECT_EQ(function->invocations(), invocations);
  }
}

TEST_F(TransformTest, TheFailureRecordTellsWhenTheLastAttemptEnded) {
  create("logs", transformed());
  function->answer_with([](const Event&) { return function_error(); });
  put("logs", {"a"});
  advance(1h);
  ASSERT_THAT(bodies(), SizeIs(1));
  const auto ended = std::to_string(epoch_millis(kStart + 80s));
  EXPECT_THAT(bodies()[0], HasSubstr(R"("attemptsMade":4,"arrivalTimestamp":)" +
                                     std::to_string(epoch_millis(kStart)) +
                                     R"(,"attemptEndingTimestamp":)" + ended));
}

TEST_F(TransformTest, FailuresWaitInABufferOfTheirOwnWithTheHintsOfTheDestination) {
  S3Settings s3 = transformed();
  s3.buffering_interval_s = 100;
  create("logs", s3);
  function->answer_with([](const Event&) { return answer("{}"); });
  put("logs", {"a", "b"});
  advance(159s);
  EXPECT_THAT(bodies(), IsEmpty());
  advance(1s);
  ASSERT_THAT(bodies(), SizeIs(1));
  const std::string lines = bodies()[0];
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1);
  EXPECT_NE(lines.back(), '\n');
}

TEST_F(TransformTest, AMissingFunctionIsAskedForAgain) {
  create("logs", transformed());
  has_function = false;
  put("logs", {"a"});
  advance(61s);
  has_function = true;
  advance(1s);
  advance(300s);
  EXPECT_EQ(delivered(), "<a>");
}

TEST_F(TransformTest, TheDelimiterFollowsTheTransform) {
  S3Settings s3 = transformed();
  s3.processing.append_delimiter = "\n";
  create("logs", s3);
  put("logs", {"a", "b"});
  flush();
  EXPECT_EQ(delivered(), "<a>\n<b>\n");
}

// The way in which functions split what has grown too large: they drop the record and put it again.
TEST_F(TransformTest, AHandlerMayPutIntoTheDeliveryStreamThatInvokesIt) {
  create("logs", transformed());
  function->answer_with([this](const Event& event) {
    if (event.records[0].data == "again") return all_ok(event);
    put("logs", {"again"});
    return answer(R"({"records":[{"recordId":")" + event.records[0].id +
                  R"(","result":"Dropped"}]})");
  });
  put("logs", {"first"});
  advance(1h);
  EXPECT_EQ(delivered(), "<again>");
  EXPECT_EQ(function->invocations(), 2u);
}

TEST_F(TransformTest, CountersFollowTheVerdicts) {
  create("logs", transformed());
  function->answer_with([](const Event& event) {
    return answer(R"({"records":[)" + returned(event.records[0].id, "Ok", "abc") + "," +
                  returned(event.records[1].id, "Dropped", "") + "," +
                  returned(event.records[2].id, "ProcessingFailed", "") + "]}");
  });
  put("logs", {"1", "2", "3"});
  advance(1h);
  const auto counted = counters("logs");
  EXPECT_EQ(counted.succeed_processing_records, 2u);
  EXPECT_EQ(counted.succeed_processing_bytes, 3u);
  EXPECT_EQ(counted.failed_processing_records, 1u);
  EXPECT_EQ(counted.execute_processing_success, 1u);
  EXPECT_EQ(counted.delivery_to_s3_records, 1u);
  EXPECT_EQ(counted.error_output_records, 1u);
  EXPECT_EQ(memory.used(), 0);
}

class OldStyleTest : public DeliveryTest {
 protected:
  OldStyleTest() : DeliveryTest(1 << 30, 0s, {}, FailureRecordStyle::style_2019) {}
};

TEST_F(OldStyleTest, FailureRecordsHaveTheFormOf2019) {
  create("logs", transformed());
  function->answer_with([](const Event&) { return answer("{}"); });
  put("logs", {"a"});
  flush();
  EXPECT_THAT(delivered(), StartsWith(R"({"attemptsMade":1,"arrivalTimestamp":)"));
  EXPECT_THAT(delivered(), HasSubstr(R"("lambdaArn":"arn:aws:lambda)"));
}

}  // namespace
}  // namespace hydrant::delivery
