#include "engine/delivery/transform/event.h"

#include "unit/engine/delivery/delivery_test.h"

namespace hydrant::delivery {
namespace {

using ::testing::MatchesRegex;
using ::testing::SizeIs;
using ::testing::StartsWith;

class EventTest : public DeliveryTest {};

TEST_F(EventTest, HasTheMembersOfTheServiceInItsOrder) {
  create("logs", transformed());
  put("logs", {"hello"});
  advance(60s);

  ASSERT_EQ(function->invocations(), 1u);
  EXPECT_EQ(function->arn(), kLambdaArn);
  EXPECT_THAT(
      function->events()[0].json,
      MatchesRegex(R"(\{"invocationId":"[0-9a-f-]+",)"
                   R"("deliveryStreamArn":"arn:aws:firehose:us-east-1:123456789012:)"
                   R"(deliverystream/logs","region":"us-east-1","records":\[)"
                   R"(\{"recordId":"shardId-[0-9]+",)"
                   R"("approximateArrivalTimestamp":1767323040000,"data":"aGVsbG8="\}\]\})"));
}

TEST_F(EventTest, AnEmptyRecordHasEmptyData) {
  create("logs", transformed());
  put("logs", {""});
  advance(60s);
  EXPECT_NE(function->events().at(0).json.find(R"("data":"")"), std::string::npos);
}

TEST_F(EventTest, IdsOfDirectPutLookLikeThoseOfAShard) {
  create("logs", transformed());
  put("logs", {"a", "b"});
  advance(60s);

  const auto records = function->events().at(0).records;
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_THAT(records[0].id, SizeIs(160));
  EXPECT_THAT(records[0].id, StartsWith("shardId-" + std::string(84, '0') + "49"));
  EXPECT_EQ(records[0].id.substr(148), std::string(12, '0'));
  EXPECT_LT(records[0].id, records[1].id);
}

TEST_F(EventTest, RetriesSendTheSameIdsUnderTheSameInvocation) {
  create("logs", transformed());
  function->answer_with([](const Event&) { return function_error(); });
  put("logs", {"a"});
  advance(5min);

  const auto events = function->events();
  ASSERT_THAT(events, SizeIs(4));
  EXPECT_EQ(events[0].json, events[3].json);
}

TEST_F(EventTest, TheNextBatchIsAnotherInvocation) {
  create("logs", transformed());
  put("logs", {"a"});
  advance(60s);
  put("logs", {"b"});
  advance(60s);
  ASSERT_EQ(function->invocations(), 2u);
  EXPECT_NE(function->events()[0].invocation_id, function->events()[1].invocation_id);
}

TEST(KinesisEventTest, CarriesWhereTheRecordComesFrom) {
  DeliveryStreamSettings settings;
  settings.id = {"123456789012", "us-west-2", "logs"};
  settings.source_type = SourceType::kinesis_stream;
  settings.source.arn = "arn:aws:kinesis:us-west-2:123456789012:stream/clicks";
  SourceBatch batch;
  batch.bytes.append("hello");
  batch.partition_keys = "k\"1";
  const streams::SequenceNumber number{
      .created_s = 1'600'000'000, .index = 5, .time_s = 1'613'022'603, .shard = 2};
  const TimePoint arrival{std::chrono::milliseconds(1'613'022'603'017)};
  batch.entries.push_back({5, 3, arrival, number});
  const transform::RecordIds ids(batch, settings.source_type);

  EXPECT_EQ(ids[0], number.str() + "000000");
  EXPECT_EQ(transform::event_json(batch, ids, "id", settings),
            R"({"invocationId":"id",)"
            R"("sourceKinesisStreamArn":"arn:aws:kinesis:us-west-2:123456789012:stream/clicks",)"
            R"("deliveryStreamArn":"arn:aws:firehose:us-west-2:123456789012:deliverystream/logs",)"
            R"("region":"us-west-2","records":[{"recordId":")" +
                number.str() +
                R"(000000","approximateArrivalTimestamp":1613022603017,"data":"aGVsbG8=",)"
                R"("kinesisRecordMetadata":{"sequenceNumber":")" +
                number.str() +
                R"(","subsequenceNumber":0,"partitionKey":"k\"1",)"
                R"("shardId":"shardId-000000000002",)"
                R"("approximateArrivalTimestamp":1613022603017}}]})");
}

class EventSizeTest : public ::testing::TestWithParam<SourceType> {
 protected:
  // Of as many records as there are texts, with the largest values that a record is likely to have.
  static SourceBatch batch_of(const std::vector<std::string>& records, const std::string& key) {
    SourceBatch batch;
    for (const auto& data : records) batch.add(record_of(data, key));
    return batch;
  }
  static IncomingRecord record_of(std::string_view data, std::string_view key) {
    const bool has_key = GetParam() == SourceType::kinesis_stream;
    return {.data = data,
            .partition_key = has_key ? key : std::string_view(),
            .arrival = TimePoint(std::chrono::milliseconds(1'613'022'603'017)),
            .number = {.created_s = 1, .index = 5, .time_s = 2, .shard = 2},
            .subsequence = 4'000'000'000};
  }
  static std::size_t written(const SourceBatch& batch) {
    DeliveryStreamSettings settings;
    settings.source_type = GetParam();
    const transform::RecordIds ids(batch, settings.source_type);
    return transform::event_json(batch, ids, "id", settings).size();
  }
};

TEST_P(EventSizeTest, IsReckonedCloselyAndNeverTooSmall) {
  const std::size_t around = written(SourceBatch());
  const std::vector<std::string> records{"", "x", "xx", "xxx", std::string(1000, 'x')};
  for (const std::string key : {"k", "0123456789", "a\"b\\c", "\x01\n\t"}) {
    std::size_t reckoned = 0;
    for (const auto& data : records)
      reckoned += transform::event_bytes_max(record_of(data, key), GetParam());
    const std::size_t real = written(batch_of(records, key)) - around;
    EXPECT_LE(real, reckoned) << key;
    EXPECT_LT(reckoned, real + records.size() * 32) << key;
  }
}

TEST_P(EventSizeTest, AKeyThatIsNotUtf8IsReckonedWithWhatStandsForIt) {
  const std::string key = "\xff\xfe\x80 \xe9\x80";
  const std::size_t real = written(batch_of({"x"}, key)) - written(SourceBatch());
  EXPECT_LE(real, transform::event_bytes_max(record_of("x", key), GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Sources, EventSizeTest,
                         ::testing::Values(SourceType::direct_put, SourceType::kinesis_stream));

}  // namespace
}  // namespace hydrant::delivery
