#include <set>

#include "support/firehose_test.h"

namespace hydrant::firehose {
namespace {

class PutRecordBatchTest : public FirehoseTest {
 protected:
  explicit PutRecordBatchTest(const WorldSettings& settings = {}) : FirehoseTest(settings) {}
  void SetUp() override { ASSERT_TRUE(create("logs")); }

  Result<Json> put(const std::vector<std::string>& data) {
    Json records = Json::array();
    for (const auto& one : data) records.push_back(record(one));
    return call("PutRecordBatch", {{"DeliveryStreamName", "logs"}, {"Records", records}});
  }
};

TEST_F(PutRecordBatchTest, EveryRecordGetsAnAnswerInItsPlace) {
  const auto reply = put({"First thing", "Second thing", "Third thing"});

  ASSERT_TRUE(reply) << reply.error();
  EXPECT_EQ((*reply)["FailedPutCount"], 0);
  EXPECT_EQ((*reply)["Encrypted"], false);
  std::set<std::string> ids;
  for (const auto& response : (*reply)["RequestResponses"])
    ids.insert(response.at("RecordId").get<std::string>());
  EXPECT_EQ(ids.size(), 3u);
}

TEST_F(PutRecordBatchTest, RecordsAreDeliveredInTheirOrder) {
  ASSERT_TRUE(put({"a", "b", "c"}));
  advance(300s);
  ASSERT_EQ(world.sink.objects().size(), 1u);
  EXPECT_EQ(world.sink.objects()[0].second, "abc");
}

TEST_F(PutRecordBatchTest, ABatchHoldsUpToFiveHundredRecords) {
  EXPECT_TRUE(put(std::vector<std::string>(500, "x")));
  EXPECT_THAT(put(std::vector<std::string>(501, "x")),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value at 'records' failed to satisfy "
                        "constraint: Member must have length less than or equal to 500"));
  EXPECT_THAT(put({}),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value at 'records' failed to satisfy "
                        "constraint: Member must have length greater than or equal to 1"));
}

TEST_F(PutRecordBatchTest, ATooLargeRecordIsNamedByItsPlace) {
  EXPECT_THAT(
      put({"x", std::string(1'024'001, 'x')}),
      RefusedAs("ValidationException",
                "1 validation error detected: Value at 'records.2.member.data' failed to satisfy "
                "constraint: Member must have length less than or equal to 1024000"));
}

TEST_F(PutRecordBatchTest, ACallHoldsFourMebibytes) {
  std::vector<std::string> data(4, std::string(1'024'000, 'x'));
  data.push_back(std::string(4 * 1024 * 1024 - 4 * 1'024'000, 'x'));
  EXPECT_TRUE(put(data));
  data.push_back("x");
  EXPECT_THAT(put(data), RefusedAs("InvalidArgumentException", "Records size exceeds 4 MB limit"));
}

TEST_F(PutRecordBatchTest, AnUnknownDeliveryStreamIsNotFound) {
  EXPECT_THAT(
      call("PutRecordBatch", {{"DeliveryStreamName", "foo"}, {"Records", {record("x")}}}),
      RefusedAs("ResourceNotFoundException", "Firehose foo under account 123456789012 not found."));
}

TEST_F(PutRecordBatchTest, ADeliveryStreamWithASourceTakesNoRecords) {
  create_source();
  ASSERT_TRUE(call("CreateDeliveryStream", from_kinesis("reader")));
  EXPECT_THAT(
      call("PutRecordBatch", {{"DeliveryStreamName", "reader"}, {"Records", {record("x")}}}),
      RefusedAs("InvalidArgumentException",
                "This operation is not permitted on KinesisStreamAsSource delivery stream type."));
}

class PutRecordBatchFullTest : public PutRecordBatchTest {
 protected:
  PutRecordBatchFullTest() : PutRecordBatchTest({.memory_bytes_max = 1024 * 1024}) {}
};

TEST_F(PutRecordBatchFullTest, WithoutRoomForAllNoneIsTaken) {
  const auto refused = put({std::string(600'000, 'x'), std::string(600'000, 'x')});
  EXPECT_THAT(refused, RefusedAs("ServiceUnavailableException",
                                 "The records held in memory have reached memory.maxMiB (1 MiB)."));
  EXPECT_EQ(refused.error().status, 503);
  EXPECT_TRUE(put({std::string(600'000, 'x')}));
}

class PutRecordBatchQuotaTest : public PutRecordBatchTest {
 protected:
  // 5 MiB a second, scaled to 5 KiB.
  PutRecordBatchQuotaTest()
      : PutRecordBatchTest({.quota = {.enabled = true, .scale = 1.0 / 1024}}) {}
};

TEST_F(PutRecordBatchQuotaTest, RecordsOverTheQuotaFailAlone) {
  const auto reply = put({std::string(4000, 'x'), std::string(4000, 'y'), std::string(1000, 'z')});

  ASSERT_TRUE(reply) << reply.error();
  EXPECT_EQ((*reply)["FailedPutCount"], 1);
  const Json& responses = (*reply)["RequestResponses"];
  EXPECT_TRUE(responses[0].contains("RecordId"));
  EXPECT_EQ(responses[1],
            Json({{"ErrorCode", "ServiceUnavailableException"}, {"ErrorMessage", "Slow down."}}));
  EXPECT_TRUE(responses[2].contains("RecordId"));
}

}  // namespace
}  // namespace hydrant::firehose
