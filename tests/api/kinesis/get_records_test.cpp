#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class GetRecordsTest : public KinesisTest {
 protected:
  using KinesisTest::KinesisTest;
  void SetUp() override { create_stream("s", 1); }

  void put_each(const std::vector<std::string>& data) {
    for (const auto& each : data) ASSERT_THAT(put("s", record(each, "k")), Succeeded());
  }
  Answer next(const Answer& answer, const Json& more = Json::object()) {
    return read(answer["NextShardIterator"].get<std::string>(), more);
  }
  void split() {
    const auto answer = call("SplitShard", {{"StreamName", "s"},
                                            {"ShardToSplit", "shardId-000000000000"},
                                            {"NewStartingHashKey", "100"}});
    ASSERT_THAT(answer, Succeeded());
  }
};

TEST_F(GetRecordsTest, AnAnswerHasThreeMembers) {
  EXPECT_THAT(members_of(read(iterator("s", "0")).body),
              ElementsAre("MillisBehindLatest", "NextShardIterator", "Records"));
}

TEST_F(GetRecordsTest, ARecordHasFourMembers) {
  put_each({"x"});
  EXPECT_THAT(members_of(read(iterator("s", "0"))["Records"].at(0)),
              ElementsAre("ApproximateArrivalTimestamp", "Data", "PartitionKey", "SequenceNumber"));
}

TEST_F(GetRecordsTest, ARecordComesBackAsItWasPut) {
  advance(milliseconds(1250));
  const auto placed = put("s", record("data", "key"));
  const auto got = read(iterator("s", "0"))["Records"].at(0);
  EXPECT_EQ(got.at("Data"), "ZGF0YQ==");
  EXPECT_EQ(got.at("PartitionKey"), "key");
  EXPECT_EQ(got.at("SequenceNumber"), placed["SequenceNumber"]);
  EXPECT_EQ(got.at("ApproximateArrivalTimestamp"), 1767225601.25);
}

TEST_F(GetRecordsTest, EachAnswerGoesOnWhereTheLastOneEnded) {
  put_each({"1", "2", "3"});
  const auto first = read(iterator("s", "0"), {{"Limit", 2}});
  EXPECT_THAT(data_of(first), ElementsAre("1", "2"));
  const auto second = next(first);
  EXPECT_THAT(data_of(second), ElementsAre("3"));
  put_each({"4"});
  EXPECT_THAT(data_of(next(second)), ElementsAre("4"));
}

TEST_F(GetRecordsTest, AnIteratorMayBeUsedAgain) {
  put_each({"1", "2"});
  const auto token = iterator("s", "0");
  EXPECT_THAT(data_of(read(token, {{"Limit", 1}})), ElementsAre("1"));
  EXPECT_THAT(data_of(read(token)), ElementsAre("1", "2"));
}

TEST_F(GetRecordsTest, TheNextIteratorIsAnotherEvenWithoutProgress) {
  const auto token = iterator("s", "0");
  EXPECT_NE(read(token)["NextShardIterator"], token);
}

TEST_F(GetRecordsTest, QuotesAroundAnIteratorAreTolerated) {
  put_each({"x"});
  EXPECT_THAT(data_of(read("\"" + iterator("s", "0") + "\"")), ElementsAre("x"));
}

TEST_F(GetRecordsTest, AnIteratorLives300Seconds) {
  put_each({"x"});
  const auto token = iterator("s", "0");
  advance(seconds(300));
  EXPECT_THAT(data_of(read(token)), ElementsAre("x"));
  advance(seconds(1));
  EXPECT_THAT(read(token),
              RefusedAs("ExpiredIteratorException",
                        "Iterator expired. The iterator was created at time Thu Jan 01 00:00:00 "
                        "UTC 2026 while right now it is Thu Jan 01 00:05:01 UTC 2026 which is "
                        "further in the future than the tolerated delay of 300000 milliseconds."));
}

TEST_F(GetRecordsTest, AnAnswerRenewsTheLifeOfItsIterator) {
  auto answer = read(iterator("s", "0"));
  for (int i = 0; i < 3; ++i) {
    advance(seconds(300));
    answer = next(answer);
    ASSERT_THAT(answer, Succeeded());
  }
}

TEST_F(GetRecordsTest, AnIteratorThatWasTamperedWithIsNone) {
  const auto token = iterator("s", "0");
  for (std::size_t i = 0; i < token.size(); i += 7) {
    auto forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(read(forged), RefusedAs("InvalidArgumentException", "Invalid ShardIterator."));
  }
}

TEST_F(GetRecordsTest, WhatIsNoTokenIsNoIterator) {
  for (const auto* text : {"x", "AAAA", "AAAAAAAAAAE=", "====", "\"", "\"\"", "a b"})
    EXPECT_THAT(read(text), RefusedAs("InvalidArgumentException", "Invalid ShardIterator."));
}

TEST_F(GetRecordsTest, ATokenOfAListIsNoIterator) {
  create_stream("t", 2);
  const auto token = call("ListShards", {{"StreamName", "t"}, {"MaxResults", 1}})["NextToken"];
  EXPECT_THAT(read(token.get<std::string>()),
              RefusedAs("InvalidArgumentException", "Invalid ShardIterator."));
}

TEST_F(GetRecordsTest, AnIteratorHasBetween1And512Characters) {
  EXPECT_THAT(read(""), RefusedAs("ValidationException", HasSubstr("'shardIterator'")));
  EXPECT_THAT(read(std::string(513, 'A')),
              RefusedAs("ValidationException", HasSubstr("less than or equal to 512")));
}

TEST_F(GetRecordsTest, LimitLiesBetween1And10000) {
  EXPECT_THAT(read("x", {{"Limit", 0}}),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value '0' at 'limit' failed to satisfy "
                        "constraint: Member must have value greater than or equal to 1"));
  EXPECT_THAT(read("x", {{"Limit", 10001}}),
              RefusedAs("ValidationException", HasSubstr("less than or equal to 10000")));
}

TEST_F(GetRecordsTest, AnArnMustBeThatOfTheIterator) {
  create_stream("t", 1);
  const auto token = iterator("s", "0");
  EXPECT_THAT(read(token, {{"StreamARN", arn("s")}}), Succeeded());
  EXPECT_EQ(read(token, {{"StreamARN", arn("t")}}).body.at("__type"), "InvalidArgumentException");
}

TEST_F(GetRecordsTest, TenThousandRecordsAreTheMostOfACall) {
  const std::vector<Json> records(500, record("", "k"));
  for (int i = 0; i < 21; ++i) ASSERT_THAT(put_all("s", records), Succeeded());
  const auto first = read(iterator("s", "0"));
  EXPECT_EQ(first["Records"].size(), 10'000U);
  EXPECT_EQ(next(first)["Records"].size(), 500U);
}

TEST_F(GetRecordsTest, TenMebibytesAreTheMostOfACall) {
  const auto large = record(std::string(1024 * 1024 - 1, 'x'), "k");
  for (int i = 0; i < 12; ++i) ASSERT_THAT(put("s", large), Succeeded());
  const auto first = read(iterator("s", "0"));
  EXPECT_EQ(first["Records"].size(), 10U);
  EXPECT_EQ(next(first)["Records"].size(), 2U);
}

TEST_F(GetRecordsTest, MillisBehindLatestIsTheAgeOfTheLastRecordOfAPage) {
  put_each({"1"});
  advance(milliseconds(1500));
  put_each({"2"});
  advance(milliseconds(500));
  const auto first = read(iterator("s", "0"), {{"Limit", 1}});
  EXPECT_EQ(first["MillisBehindLatest"], 2000);
  EXPECT_EQ(next(first)["MillisBehindLatest"], 0);
}

TEST_F(GetRecordsTest, RecordsBeyondTheRetentionAreSkipped) {
  put_each({"old"});
  advance(hours(1));
  put_each({"young"});
  advance(hours(23) + microseconds(1));
  EXPECT_THAT(drain("s", "0"), ElementsAre("young"));
}

TEST_F(GetRecordsTest, ARecordIsReadableUntilItsRetentionEnds) {
  put_each({"x"});
  advance(hours(24));
  EXPECT_THAT(drain("s", "0"), ElementsAre("x"));
  advance(microseconds(1));
  EXPECT_THAT(drain("s", "0"), IsEmpty());
}

TEST_F(GetRecordsTest, TheMemoryOfAgedRecordsIsFreeAgain) {
  put_each({"x"});
  advance(hours(24) + minutes(2));
  EXPECT_EQ(memory.used(), 0);
}

TEST_F(GetRecordsTest, AClosedShardEndsWithItsChildren) {
  put_each({"x"});
  split();
  const auto last = read(iterator("s", "0"));
  EXPECT_THAT(data_of(last), ElementsAre("x"));
  EXPECT_THAT(members_of(last.body), ElementsAre("ChildShards", "MillisBehindLatest", "Records"));
  EXPECT_EQ(last["ChildShards"], Json::parse(R"([
      {"ShardId": "shardId-000000000001", "ParentShards": ["shardId-000000000000"],
       "HashKeyRange": {"StartingHashKey": "0", "EndingHashKey": "99"}},
      {"ShardId": "shardId-000000000002", "ParentShards": ["shardId-000000000000"],
       "HashKeyRange": {"StartingHashKey": "100",
                        "EndingHashKey": "340282366920938463463374607431768211455"}}])"));
}

TEST_F(GetRecordsTest, AClosedShardIsReadToItsEndFirst) {
  put_each({"1", "2"});
  split();
  const auto first = read(iterator("s", "0"), {{"Limit", 1}});
  EXPECT_FALSE(first.body.contains("ChildShards"));
  EXPECT_TRUE(next(first).body.contains("ChildShards"));
}

TEST_F(GetRecordsTest, LatestOfAClosedShardIsItsEnd) {
  put_each({"x"});
  split();
  const auto answer = read(iterator("s", "0", "LATEST"));
  EXPECT_EQ(answer["Records"], Json::array());
  EXPECT_TRUE(answer.body.contains("ChildShards"));
}

TEST_F(GetRecordsTest, AChildOfAMergeHasTwoParents) {
  create_stream("m", 2);
  call("MergeShards", {{"StreamName", "m"}, {"ShardToMerge", "0"}, {"AdjacentShardToMerge", "1"}});
  EXPECT_EQ(read(iterator("m", "1"))["ChildShards"].at(0).at("ParentShards"),
            Json::parse(R"(["shardId-000000000000", "shardId-000000000001"])"));
}

TEST_F(GetRecordsTest, TheShardOfADeletedStreamDoesNotExist) {
  const auto token = iterator("s", "0");
  call("DeleteStream", {{"StreamName", "s"}});
  EXPECT_THAT(read(token), RefusedAs("ResourceNotFoundException",
                                     "Shard shardId-000000000000 in stream s under account "
                                     "123456789012 does not exist"));
}

TEST_F(GetRecordsTest, AStreamThatWasCreatedAnewAnswersFromItsStart) {
  put_each({"1", "2"});
  const auto token = iterator("s", "0", "LATEST");
  call("DeleteStream", {{"StreamName", "s"}});
  advance(seconds(1));
  create_stream("s", 1);
  put_each({"new"});
  EXPECT_THAT(data_of(read(token)), ElementsAre("new"));
}

TEST_F(GetRecordsTest, AnIteratorWorksForWhomeverHoldsIt) {
  put_each({"x"});
  const Json input = {{"ShardIterator", iterator("s", "0")}};
  EXPECT_THAT(data_of(call_as("210987654321", "eu-west-1", "GetRecords", input)), ElementsAre("x"));
}

TEST_F(GetRecordsTest, RenewedTokensForgetTheOldOnes) {
  const auto token = iterator("s", "0");
  tokens.renew();
  EXPECT_THAT(read(token), RefusedAs("InvalidArgumentException", "Invalid ShardIterator."));
}

class ThrottledGetRecordsTest : public GetRecordsTest {
 protected:
  ThrottledGetRecordsTest() : GetRecordsTest({.throttle = {.enabled = true, .scale = 1}}) {}
  const std::string refusal_ = "Rate exceeded for Shard - 123456789012/s/shardId-000000000000";
};

TEST_F(ThrottledGetRecordsTest, FiveCallsASecondAreTheLimitOfAShard) {
  const auto token = iterator("s", "0");
  for (int i = 0; i < 5; ++i) ASSERT_THAT(read(token), Succeeded());
  EXPECT_THAT(read(token), RefusedAs("ProvisionedThroughputExceededException", refusal_));
  advance(milliseconds(199));
  EXPECT_EQ(read(token).status, 400);
  advance(milliseconds(1));
  EXPECT_THAT(read(token), Succeeded());
}

TEST_F(ThrottledGetRecordsTest, ACallThatGaveTenMebibytesClosesTheShardForFiveSeconds) {
  create_stream("s10", 1, {{"MaxRecordSizeInKiB", 10240}});
  put("s10", record(std::string(10 * 1024 * 1024 - 1, 'x'), "k"));
  const auto token = iterator("s10", "0");
  ASSERT_THAT(read(token), Succeeded());
  advance(seconds(5) - milliseconds(1));
  EXPECT_EQ(read(token).status, 400);
  advance(milliseconds(1));
  EXPECT_THAT(read(token), Succeeded());
}

TEST_F(ThrottledGetRecordsTest, AnEmptyAnswerClosesNothing) {
  const auto token = iterator("s", "0");
  ASSERT_THAT(read(token), Succeeded());
  EXPECT_THAT(read(token), Succeeded());
}

}  // namespace
}  // namespace hydrant::kinesis
