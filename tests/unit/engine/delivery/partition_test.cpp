// Dynamic partitioning: where keys come from, a buffer for each partition, and its limits.
#include "unit/engine/delivery/delivery_test.h"

namespace hydrant::delivery {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

class PartitionTest : public DeliveryTest {
 protected:
  explicit PartitionTest(std::size_t active_max = 500)
      : DeliveryTest(1 << 30, 0s, {}, FailureRecordStyle::current, active_max) {}

  static S3Settings by_query(const std::string& query = "{k: .k}") {
    S3Settings s3;
    s3.prefix = "k=!{partitionKeyFromQuery:k}/";
    s3.error_output_prefix = "errors/!{firehose:error-output-type}/";
    s3.processing.metadata_extraction_query = query;
    s3.dynamic_partitioning.emplace();
    return s3;
  }
  static S3Settings by_function() {
    S3Settings s3 = by_query();
    s3.prefix = "k=!{partitionKeyFromLambda:k}/";
    s3.processing.metadata_extraction_query.reset();
    s3.processing.lambda = lambda();
    return s3;
  }
  // Everything Ok, with partition keys as JSON.
  void return_keys(const std::string& keys) {
    function->answer_with([keys](const Event& event) {
      std::string records;
      for (const auto& record : event.records) {
        if (!records.empty()) records += ",";
        std::string one = returned(record.id, "Ok", record.data);
        one.pop_back();
        records += one + R"(,"metadata":{"partitionKeys":)" + keys + "}}";
      }
      return answer(R"({"records":[)" + records + "]}");
    });
  }
  static std::string event_of(const std::string& k, const std::string& more = "") {
    return R"({"k":")" + k + "\"" + more + "}";
  }
  std::vector<std::string> folders() const {
    std::vector<std::string> all;
    for (const auto& object : sink.written())
      all.push_back(object.key.substr(0, object.key.rfind('/') + 1));
    return all;
  }
  std::string failure() const {
    for (const auto& object : sink.written())
      if (object.key.starts_with("errors/")) return object.bytes;
    return "none";
  }
};

TEST_F(PartitionTest, RecordsGoBelowTheKeysOfTheirQuery) {
  create("events", by_query());
  put("events", {event_of("a"), event_of("b"), event_of("a")});
  flush();
  EXPECT_THAT(folders(), UnorderedElementsAre("k=a/", "k=b/"));
  EXPECT_THAT(bodies(), UnorderedElementsAre(event_of("a") + event_of("a"), event_of("b")));
}

TEST_F(PartitionTest, RecordsGoBelowTheKeysThatTheirFunctionReturns) {
  create("events", by_function());
  return_keys(R"({"k":"x/y"})");
  put("events", {"1"});
  flush();
  EXPECT_THAT(folders(), ElementsAre("k=x/y/"));
}

TEST_F(PartitionTest, NumbersAndBooleansOfAFunctionAreTextInAKey) {
  create("events", by_function());
  return_keys(R"({"k":7})");
  put("events", {"1"});
  flush();
  EXPECT_THAT(folders(), ElementsAre("k=7/"));
}

TEST_F(PartitionTest, ANumberOfAnySizeIsTextInAKey) {
  create("events", by_function());
  return_keys(R"({"k":1000000000000000000000000000000})");
  put("events", {"1"});
  flush();
  EXPECT_THAT(folders(), ElementsAre("k=1000000000000000000000000000000/"));
}

TEST_F(PartitionTest, KeysOfTheFunctionAndOfTheQueryMayStandTogether) {
  auto s3 = by_query();
  s3.prefix = "q=!{partitionKeyFromQuery:k}/l=!{partitionKeyFromLambda:k}/";
  s3.processing.lambda = lambda();
  create("events", s3);
  return_keys(R"({"k":"l"})");
  put("events", {event_of("q")});
  flush();
  EXPECT_THAT(folders(), ElementsAre("q=q/l=l/"));
}

TEST_F(PartitionTest, TheQueryIsAskedOfWhatTheFunctionMadeOfTheRecord) {
  auto s3 = by_query();
  s3.processing.lambda = lambda();
  create("events", s3);
  function->answer_with([](const Event& event) {
    return all_ok(event, [](const auto&) { return event_of("made"); });
  });
  put("events", {"anything"});
  flush();
  EXPECT_THAT(folders(), ElementsAre("k=made/"));
}

TEST_F(PartitionTest, ARecordWithoutItsKeyFails) {
  create("events", by_query());
  put("events", {"{}", event_of("a"), R"({"k":null})", R"({"k":""})"});
  flush();
  EXPECT_THAT(failure(),
              AllOf(StartsWith(R"({"rawData":"e30=",)"),
                    HasSubstr(R"("errorCode":"DynamicPartitioning.MetadataExtractionFailed",)"
                              R"("errorMessage":"partitionKeys values must not be null or empty")"),
                    HasSubstr(R"("attemptsMade":1)")));
  EXPECT_EQ(counters("events").error_output_records, 3U);
  EXPECT_EQ(counters("events").delivery_to_s3_records, 1U);
}

TEST_F(PartitionTest, ARecordThatIsNotJsonFails) {
  create("events", by_query());
  put("events", {"not json"});
  flush();
  EXPECT_THAT(failure(), HasSubstr(R"("errorMessage":"Non JSON record provided")"));
}

TEST_F(PartitionTest, ALenientKeyWithARootIsThatOfQueryOrFunction) {
  auto s3 = by_function();
  s3.prefix = "k=!{partitionKeyFromQuery:$.k}/";
  s3.dynamic_partitioning->lenient = true;
  create("events", s3);
  return_keys(R"({"k":"kr"})");
  put("events", {"1"});
  flush();
  EXPECT_THAT(folders(), ElementsAre("k=kr/"));
}

TEST_F(PartitionTest, EveryPartitionHasAnIntervalOfItsOwn) {
  auto s3 = by_query();
  s3.buffering_interval_s = 60;
  create("events", s3);
  put("events", {event_of("a")});
  advance(30s);
  put("events", {event_of("b"), event_of("a")});
  advance(30s);
  EXPECT_THAT(folders(), ElementsAre("k=a/"));
  EXPECT_THAT(bodies(), ElementsAre(event_of("a") + event_of("a")));
  advance(30s);
  EXPECT_THAT(folders(), ElementsAre("k=a/", "k=b/"));
}

TEST_F(PartitionTest, EveryPartitionHasASizeOfItsOwn) {
  auto s3 = by_query();
  s3.buffering_size_mb = 1;
  create("events", s3);
  const std::string half = R"(,"x":")" + std::string(600'000, 'x') + "\"";
  put("events", {event_of("a", half), event_of("b", half)});
  settle();
  EXPECT_THAT(sink.written(), IsEmpty());
  put("events", {event_of("a", half)});
  settle();
  EXPECT_THAT(folders(), ElementsAre("k=a/"));
}

TEST_F(PartitionTest, TheTimeInAPrefixIsThatOfTheOldestRecord) {
  auto s3 = by_query();
  s3.prefix = "!{timestamp:HH-mm}/k=!{partitionKeyFromQuery:k}/";
  create("events", s3);
  put("events", {event_of("a")});
  advance(2min);
  put("events", {event_of("a")});
  flush();
  EXPECT_THAT(folders(), ElementsAre("03-04/k=a/"));
}

TEST_F(PartitionTest, WhatCameUnderOnePrefixGoesThereAfterAnUpdate) {
  create("events", by_query());
  put("events", {event_of("a")});
  settle();
  auto next = by_query();
  next.prefix = "new/!{partitionKeyFromQuery:k}/";
  ASSERT_TRUE(stream("events")->update("1", next));
  put("events", {event_of("a")});
  flush();
  EXPECT_THAT(folders(), ElementsAre("k=a/", "new/a/"));
  EXPECT_THAT(sink.written()[0].key, HasSubstr("events-1-"));
  EXPECT_THAT(sink.written()[1].key, HasSubstr("events-2-"));
}

TEST_F(PartitionTest, AnObjectThatCannotBeWrittenEndsAsAFailureRecord) {
  auto s3 = by_query();
  s3.buffering_interval_s = 60;
  s3.dynamic_partitioning->retry_duration_s = 30;
  create("events", s3);
  sink.fail_with("the disk is full");
  put("events", {event_of("a")});
  advance(60s + 29s);
  EXPECT_THAT(sink.tried(), ::testing::Each(StartsWith("k=a/")));
  advance(1s);
  EXPECT_THAT(sink.tried().back(), StartsWith("errors/processing-failed/"));
  sink.fail_with(std::nullopt);
  advance(60s);
  EXPECT_THAT(failure(), AllOf(HasSubstr(base64_encode(event_of("a"))),
                               HasSubstr(R"("errorCode":"InternalError")")));
  EXPECT_EQ(counters("events").error_output_records, 1U);
}

class FewPartitions : public PartitionTest {
 protected:
  FewPartitions() : PartitionTest(2) {}
};

TEST_F(FewPartitions, ARecordForOneMoreFails) {
  create("events", by_query());
  put("events", {event_of("a"), event_of("b"), event_of("c"), event_of("a")});
  flush();
  EXPECT_THAT(folders(), UnorderedElementsAre("k=a/", "k=b/", "errors/processing-failed/"));
  EXPECT_THAT(failure(),
              AllOf(HasSubstr(R"("errorCode":"DynamicPartitioning.ActivePartitionsLimitExceeded")"),
                    HasSubstr(base64_encode(event_of("c")))));
  EXPECT_EQ(counters("events").partition_count_exceeded, 1U);
}

TEST_F(FewPartitions, ARecordForOneMoreIsToldWithoutTheDelimiter) {
  auto s3 = by_query();
  s3.processing.append_delimiter = "\r\n";
  create("events", s3);
  put("events", {event_of("a"), event_of("b"), event_of("c")});
  flush();
  EXPECT_THAT(failure(), HasSubstr("\"rawData\":\"" + base64_encode(event_of("c")) + "\""));
  EXPECT_THAT(bodies(), ::testing::IsSupersetOf({event_of("a") + "\r\n", event_of("b") + "\r\n"}));
}

TEST_F(FewPartitions, APartitionIsNoLongerActiveOnceItIsWritten) {
  create("events", by_query());
  put("events", {event_of("a"), event_of("b")});
  settle();
  EXPECT_EQ(stream("events")->state().partition_count, 2U);
  flush();
  EXPECT_EQ(stream("events")->state().partition_count, 0U);
  put("events", {event_of("c"), event_of("d")});
  flush();
  EXPECT_THAT(sink.written(), SizeIs(4));
  EXPECT_EQ(counters("events").partition_count_exceeded, 0U);
}

TEST_F(FewPartitions, APartitionIsActiveForAsLongAsItsObjectCannotBeWritten) {
  auto s3 = by_query();
  s3.buffering_interval_s = 60;
  s3.dynamic_partitioning->retry_duration_s = 7200;
  create("events", s3);
  sink.fail_with("the disk is full");
  put("events", {event_of("a"), event_of("b")});
  advance(60s);
  put("events", {event_of("c")});
  settle();
  EXPECT_EQ(counters("events").partition_count_exceeded, 1U);
}

}  // namespace
}  // namespace hydrant::delivery
