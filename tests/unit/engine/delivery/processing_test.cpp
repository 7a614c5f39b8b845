// The work on records before a function, or without one: what it makes of them, what fails, and
// that order, flushes and updates go through it as through a function.
#include <atomic>

#include "engine/delivery/format/compress.h"
#include "unit/engine/delivery/delivery_test.h"

namespace hydrant::delivery {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string gzip(const std::string& text) {
  return std::string(compress(Compression::gzip, text, {}).view());
}

std::string subscription(const std::string& type, const std::vector<std::string>& messages) {
  std::string events;
  for (const auto& message : messages) {
    if (!events.empty()) events += ",";
    events += R"({"id":"1","timestamp":1,"message":")" + message + R"("})";
  }
  return R"({"messageType":")" + type +
         R"(","owner":"1","logGroup":"g","logStream":"s","subscriptionFilters":[],"logEvents":[)" +
         events + "]}";
}

class ProcessingTest : public DeliveryTest {
 protected:
  explicit ProcessingTest(std::int64_t memory_max = 1 << 30) : DeliveryTest(memory_max) {}

  static S3Settings decompressing() {
    S3Settings s3;
    s3.processing.decompression = true;
    return s3;
  }
  static S3Settings log_messages() {
    S3Settings s3 = decompressing();
    s3.processing.cloud_watch_log_messages = true;
    return s3;
  }
  static S3Settings json_objects() {
    S3Settings s3;
    s3.processing.de_aggregation = DeAggregationSettings{};
    return s3;
  }
  static S3Settings delimited(const std::string& by) {
    S3Settings s3;
    s3.processing.de_aggregation = {DeAggregationSettings::Type::delimited, by};
    return s3;
  }
  std::vector<Written> written(const std::string& prefix) const {
    auto all = sink.written();
    std::erase_if(all, [&](const auto& object) { return !object.key.starts_with(prefix); });
    return all;
  }
};

TEST_F(ProcessingTest, DecompressesRecords) {
  create("logs", decompressing());
  put("logs", {gzip("a\n"), gzip("b\n")});
  flush();
  EXPECT_THAT(bodies(), ElementsAre("a\nb\n"));
}

TEST_F(ProcessingTest, ARecordThatIsNotCompressedFailsByItself) {
  create("logs", decompressing());
  put("logs", {gzip("good"), "bad"});
  flush();
  EXPECT_THAT(bodies(), SizeIs(2));
  const auto failed = written("decompression-failed/2026/01/02/03/");
  ASSERT_THAT(failed, SizeIs(1));
  EXPECT_THAT(failed[0].bytes,
              AllOf(StartsWith(R"({"rawData":"YmFk","errorCode":"Decompression.Failed",)"),
                    HasSubstr(R"("attemptsMade":1)"), Not(HasSubstr("lambdaARN"))));
  EXPECT_EQ(counters("logs").failed_decompressed_records, 1U);
  EXPECT_EQ(counters("logs").output_decompressed_records, 1U);
  EXPECT_EQ(counters("logs").output_decompressed_bytes, 4U);
}

TEST_F(ProcessingTest, DeliversTheMessagesOfLogEventsEachOnALine) {
  create("logs", log_messages());
  put("logs", {gzip(subscription("DATA_MESSAGE", {"one", "two"})),
               gzip(subscription("CONTROL_MESSAGE", {"CWL CONTROL MESSAGE"})),
               gzip(subscription("DATA_MESSAGE", {"three"}))});
  flush();
  EXPECT_THAT(bodies(), ElementsAre("one\ntwo\nthree\n"));
  EXPECT_EQ(counters("logs").dropped_records, 1U) << "the control message";
}

TEST_F(ProcessingTest, AMessageWithoutLogEventsMakesNoRecord) {
  auto s3 = log_messages();
  s3.processing.append_delimiter = ";";
  create("logs", s3);
  put("logs", {gzip(subscription("DATA_MESSAGE", {"one"})), gzip(subscription("DATA_MESSAGE", {})),
               gzip(subscription("DATA_MESSAGE", {""}))});
  flush();
  EXPECT_THAT(bodies(), ElementsAre("one\n;\n;")) << "an event without text is still a line";
  EXPECT_EQ(counters("logs").empty_records, 1U);
}

TEST_F(ProcessingTest, AFunctionIsNotGivenAMessageWithoutLogEvents) {
  auto s3 = log_messages();
  s3.processing.lambda = lambda();
  create("logs", s3);
  put("logs", {gzip(subscription("DATA_MESSAGE", {}))});
  flush();
  EXPECT_EQ(function->invocations(), 0U);
  EXPECT_THAT(sink.written(), IsEmpty());
}

TEST_F(ProcessingTest, WhatIsNoSubscriptionMessageFails) {
  create("logs", log_messages());
  put("logs", {gzip("something else")});
  flush();
  const auto failed = written("processing-failed/");
  ASSERT_THAT(failed, SizeIs(1));
  EXPECT_THAT(failed[0].bytes, HasSubstr("CloudWatchLogProcessing.Failed"));
}

TEST_F(ProcessingTest, TakesJsonValuesApartAndDropsWhatIsBetweenThem) {
  auto s3 = json_objects();
  s3.processing.append_delimiter = ";";
  create("events", s3);
  put("events", {"{\"a\":1} \n{\"a\":2}", "[3]"});
  flush();
  EXPECT_THAT(bodies(), ElementsAre("{\"a\":1};{\"a\":2};[3];"));
  EXPECT_EQ(counters("events").added_records, 1U);
}

TEST_F(ProcessingTest, ARecordWithTrailingGarbageFailsAsAWhole) {
  create("events", json_objects());
  put("events", {"{\"a\":1}}", "{\"b\":2}"});
  flush();
  EXPECT_THAT(bodies(), ::testing::Contains("{\"b\":2}"));
  const auto failed = written("processing-failed/");
  ASSERT_THAT(failed, SizeIs(1));
  EXPECT_THAT(failed[0].bytes, HasSubstr(base64_encode("{\"a\":1}}")));
}

TEST_F(ProcessingTest, TakesDelimitedRecordsApart) {
  auto s3 = delimited("####");
  s3.processing.append_delimiter = "\n";
  create("events", s3);
  put("events", {"one####two####", "####"});
  flush();
  EXPECT_THAT(bodies(), ElementsAre("one\ntwo\n"));
  EXPECT_EQ(counters("events").empty_records, 1U) << "there was nothing between the delimiters";
}

TEST_F(ProcessingTest, MoreThanFiveHundredRecordsInOneAreLeftTogether) {
  std::string full, over;
  for (int i = 0; i < 500; ++i) full += "x,";
  for (int i = 0; i < 501; ++i) over += "y,";
  create("events", delimited(","));
  put("events", {full, over});
  flush();
  EXPECT_THAT(bodies(), ElementsAre(std::string(500, 'x') + over));
}

TEST_F(ProcessingTest, AFunctionIsGivenThePiecesUnderDifferentIds) {
  auto s3 = json_objects();
  s3.processing.lambda = lambda();
  create("events", s3);
  put("events", {"{}[]{}"});
  flush();
  ASSERT_THAT(function->events(), SizeIs(1));
  const auto records = function->events()[0].records;
  ASSERT_THAT(records, SizeIs(3));
  EXPECT_THAT(records[0].id, testing::EndsWith("000000000000"));
  EXPECT_EQ(records[1].id, records[0].id.substr(0, 148) + "000000000001");
  EXPECT_EQ(records[2].id, records[0].id.substr(0, 148) + "000000000002");
  EXPECT_THAT(bodies(), ElementsAre("<{}><[]><{}>"));
}

TEST_F(ProcessingTest, TheFunctionsBufferCollectsWhatWasMadeOfTheRecords) {
  auto s3 = json_objects();
  s3.processing.lambda = lambda(3, 60);
  create("events", s3);
  put("events", {"{}{}"});
  advance(59s);
  EXPECT_EQ(function->invocations(), 0U);
  put("events", {"[]"});
  advance(1s);
  ASSERT_EQ(function->invocations(), 1U);
  EXPECT_THAT(function->events()[0].records, SizeIs(3));
}

TEST_F(ProcessingTest, RecordsKeepTheirOrder) {
  auto s3 = delimited(",");
  s3.processing.append_delimiter = "\n";
  create("events", s3);
  std::string expected;
  for (int i = 0; i < 2'000; ++i) {
    put("events", {std::to_string(i) + "," + std::string(2'000, 'x')});
    expected += std::to_string(i) + "\n" + std::string(2'000, 'x') + "\n";
  }
  flush();
  EXPECT_EQ(delivered(), expected);
}

TEST_F(ProcessingTest, WhatCameUnderOneFunctionGoesThroughThatOne) {
  auto s3 = json_objects();
  s3.processing.lambda = lambda();
  create("events", s3);
  put("events", {"{}"});
  settle();
  auto next = json_objects();
  ASSERT_TRUE(stream("events")->update("1", next));
  put("events", {"[]"});
  flush();
  EXPECT_EQ(function->invocations(), 1U);
  EXPECT_THAT(delivered(), AllOf(HasSubstr("<{}>"), HasSubstr("[]")));
}

TEST_F(ProcessingTest, MemoryIsGivenBackWhenAllIsDelivered) {
  create("logs", log_messages());
  put("logs", {gzip(subscription("DATA_MESSAGE", {"one"})), "bad"});
  EXPECT_GT(memory.used(), 0);
  flush();
  EXPECT_EQ(memory.used(), 0);
}

TEST_F(ProcessingTest, WhatIsBeingWorkedOnIsDiscardedWithItsDeliveryStream) {
  auto s3 = json_objects();
  s3.processing.lambda = lambda();
  create("events", s3);
  const auto events = stream("events");
  put("events", {"{}{}"});
  settle();
  registry.remove(events->id());
  EXPECT_EQ(events->state().counters.discarded_records, 2U);
  EXPECT_EQ(memory.used(), 0);
  EXPECT_THAT(sink.written(), IsEmpty());
}

// With room for what comes in, but not for what becomes of it.
class SmallMemoryProcessingTest : public ProcessingTest {
 protected:
  SmallMemoryProcessingTest() : ProcessingTest(kMiB) {
    sink.meanwhile = [this] {
      const auto used = memory.used();
      for (auto most = most_used.load();
           most < used && !most_used.compare_exchange_weak(most, used);)
        ;
    };
  }
  // Each of 8 MiB.
  std::vector<std::string> bombs(std::size_t count) const {
    return std::vector<std::string>(count, gzip(std::string(kBombBytes, 'a')));
  }
  void expect_all(std::size_t count) const {
    std::size_t bytes = 0;
    for (const auto& body : bodies()) bytes += body.size();
    EXPECT_EQ(bytes, count * kBombBytes);
  }

  static constexpr std::int64_t kMiB = 1024 * 1024;
  static constexpr std::size_t kBombBytes = 8 * kMiB;
  std::atomic<std::int64_t> most_used = 0;
};

TEST_F(SmallMemoryProcessingTest, DecompressesNoMoreThanThereIsRoomFor) {
  create("logs", decompressing());
  put("logs", bombs(12));
  settle();
  expect_all(12);
  EXPECT_LE(most_used, 2 * static_cast<std::int64_t>(kBombBytes) + kMiB);
  EXPECT_EQ(memory.used(), 0);
  EXPECT_EQ(counters("logs").output_decompressed_records, 12U);
  EXPECT_EQ(counters("logs").incoming_records, 12U);
}

TEST_F(SmallMemoryProcessingTest, AFlushGetsToTheEndOfABatchInParts) {
  auto s3 = decompressing();
  s3.processing.append_delimiter = "";
  create("logs", s3);
  put("logs", bombs(5));
  const auto result = flush();
  EXPECT_THAT(result.unwritten, IsEmpty());
  expect_all(5);
}

TEST_F(SmallMemoryProcessingTest, AFlushDoesNotWaitForAWriteThatFails) {
  create("logs", decompressing());
  sink.fail_with("the disk is full");
  put("logs", bombs(3));
  EXPECT_THAT(flush().unwritten, Not(IsEmpty()));
  sink.fail_with(std::nullopt);
  advance(1h);
  expect_all(3);
  EXPECT_EQ(memory.used(), 0);
}

TEST_F(SmallMemoryProcessingTest, WhatWaitsForRoomIsDeliveredThroughAFunctionThatDropsAll) {
  auto s3 = decompressing();
  s3.processing.lambda = lambda();
  create("logs", s3);
  function->answer_with([](const Event& event) {
    std::string records;
    for (const auto& record : event.records)
      records += (records.empty() ? "" : ",") + returned(record.id, "Dropped", "");
    return answer(R"({"records":[)" + records + "]}");
  });
  put("logs", std::vector<std::string>(3, gzip(std::string(2 * kMiB, 'a'))));
  settle();
  EXPECT_EQ(counters("logs").dropped_records, 3U);
  EXPECT_EQ(memory.used(), 0);
}

TEST_F(SmallMemoryProcessingTest, RemovalDropsWhatWaitsForRoom) {
  create("logs", decompressing());
  sink.fail_with("the disk is full");
  put("logs", bombs(4));
  settle();
  EXPECT_TRUE(registry.remove(named("logs").id));
  settle();
  EXPECT_EQ(registry.counters().discarded_records, 4U);
  EXPECT_EQ(memory.used(), 0);
}

}  // namespace
}  // namespace hydrant::delivery
