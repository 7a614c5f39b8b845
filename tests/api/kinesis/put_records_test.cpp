#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::StartsWith;

class PutRecordsTest : public KinesisTest {
 protected:
  using KinesisTest::KinesisTest;
  void SetUp() override { create_stream("s", 3); }

  static std::vector<Json> many(std::size_t count, const Json& entry) {
    return std::vector<Json>(count, entry);
  }
  static std::vector<std::string> shard_ids(const Answer& answer) {
    std::vector<std::string> ids;
    for (const auto& entry : answer["Records"]) ids.push_back(entry.value("ShardId", "(refused)"));
    return ids;
  }
};

TEST_F(PutRecordsTest, TheReplyCountsFailuresAndPlacesEachRecord) {
  const auto answer = put_all("s", {record("x", "a")});
  EXPECT_THAT(members_of(answer.body), ElementsAre("FailedRecordCount", "Records"));
  EXPECT_EQ(answer["FailedRecordCount"], 0);
  EXPECT_THAT(members_of(answer["Records"].at(0)), ElementsAre("SequenceNumber", "ShardId"));
}

TEST_F(PutRecordsTest, EntriesAreAnsweredInTheOrderOfTheRequest) {
  const auto answer =
      put_all("s", {record("", "a"), record("", "b"), record("", "e"), record("", "f"),
                    record_at("", "340282366920938463463374607431768211455"),
                    record_at("", "170141183460469231731687303715884105728"),
                    record_at("", "226854911280625642308916404954512140970")});
  EXPECT_THAT(shard_ids(answer),
              ElementsAre(shard_name(0), shard_name(1), shard_name(2), shard_name(1), shard_name(2),
                          shard_name(1), shard_name(2)));
}

TEST_F(PutRecordsTest, WithinAShardTheOrderIsThatOfTheRequest) {
  put_all("s", {record("1", "a"), record("x", "b"), record("2", "a"), record("y", "b"),
                record("3", "a")});
  EXPECT_THAT(drain("s", "0"), ElementsAre("1", "2", "3"));
  EXPECT_THAT(drain("s", "1"), ElementsAre("x", "y"));
}

TEST_F(PutRecordsTest, NumbersOfAShardRiseByOneIndex) {
  const auto answer = put_all("s", {record("", "a"), record("", "b"), record("", "a")});
  const auto index = [&](std::size_t i) {
    const auto number = answer["Records"].at(i).at("SequenceNumber").get<std::string>();
    return streams::SequenceNumber::parse(number)->index;
  };
  EXPECT_EQ(index(2), index(0) + 1);
}

TEST_F(PutRecordsTest, OneKeyOffTheRingRefusesTheWholeCall) {
  EXPECT_THAT(
      put_all("s", {record("x", "a"), record_at("", "340282366920938463463374607431768211456")}),
      RefusedAs("InvalidArgumentException", EndsWith("340282366920938463463374607431768211456")));
  EXPECT_THAT(drain("s", "0"), ElementsAre());
}

TEST_F(PutRecordsTest, OneRecordThatIsTooLargeRefusesTheWholeCall) {
  EXPECT_THAT(put_all("s", {record("x", "a"), record(std::string(1024 * 1024, 'x'), "b")}),
              RefusedAs("InvalidArgumentException", StartsWith("Record size of 1048577 bytes")));
  EXPECT_THAT(drain("s", "0"), ElementsAre());
}

TEST_F(PutRecordsTest, ACallHoldsAtMostTenMebibytesWithTheKeys) {
  const auto large = record(std::string(1024 * 1024 - 1, 'x'), "a");
  EXPECT_THAT(put_all("s", many(10, large)), Succeeded());
  auto records = many(10, large);
  records.push_back(record("", "a"));
  EXPECT_THAT(put_all("s", records),
              RefusedAs("InvalidArgumentException", "Records size exceeds 10 MB limit"));
}

TEST_F(PutRecordsTest, ABatchHoldsAtLeastOneRecord) {
  EXPECT_THAT(put_all("s", {}),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value '[]' at 'records' failed to satisfy "
                        "constraint: Member must have length greater than or equal to 1"));
}

TEST_F(PutRecordsTest, ThatABatchIsTooLargeIsToldBeforeWhatIsWrongInIt) {
  const auto answer = put_all("s", many(501, record("", "")));
  EXPECT_THAT(answer, RefusedAs("ValidationException",
                                testing::StartsWith(
                                    "10 validation errors detected: Value "
                                    "'[PutRecordsRequestEntry(data=java.nio.HeapByteBuffer[pos=0 "
                                    "lim=0 cap=0], explicitHashKey=null, partitionKey=), ")));
  const auto text = answer["message"].get<std::string>();
  EXPECT_THAT(text,
              testing::HasSubstr("less than or equal to 500; Value '' at 'records.1.member."));
  EXPECT_THAT(text, testing::HasSubstr("'records.9.member.partitionKey'"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("records.10.")));
}

TEST_F(PutRecordsTest, ABatchHoldsAtMost500Records) {
  EXPECT_THAT(put_all("s", many(500, record("", "a"))), Succeeded());
  EXPECT_EQ(put_all("s", many(501, record("", "a"))).status, 400);
}

TEST_F(PutRecordsTest, ABatchThatIsTooLongIsPrintedEntryByEntry) {
  const auto entry = record(std::string(503, 'x'), "key");
  const std::string printed =
      "PutRecordsRequestEntry(data=java.nio.HeapByteBuffer[pos=0 lim=503 cap=503], "
      "explicitHashKey=null, partitionKey=key)";
  std::string list = printed;
  for (int i = 1; i < 1000; ++i) list += ", " + printed;
  EXPECT_THAT(put_all("s", many(1000, entry)),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value '[" + list +
                            "]' at 'records' failed to satisfy constraint: Member must have length "
                            "less than or equal to 500"));
}

TEST_F(PutRecordsTest, AnExplicitHashKeyIsPrintedToo) {
  EXPECT_THAT(put_all("s", many(501, record_at("", "7"))),
              RefusedAs("ValidationException",
                        StartsWith("1 validation error detected: Value '[PutRecordsRequestEntry("
                                   "data=java.nio.HeapByteBuffer[pos=0 lim=0 cap=0], "
                                   "explicitHashKey=7, partitionKey=k), ")));
}

TEST_F(PutRecordsTest, MembersOfEntriesAreNamedWithTheirPlace) {
  EXPECT_THAT(
      put_all("s", {record("", "a"), {{"PartitionKey", ""}, {"ExplicitHashKey", ""}}}),
      RefusedAs("ValidationException",
                "3 validation errors detected: Value null at 'records.2.member.data' failed to "
                "satisfy constraint: Member must not be null; Value '' at "
                "'records.2.member.explicitHashKey' failed to satisfy constraint: Member must "
                R"(satisfy regular expression pattern: 0|([1-9]\d{0,38}); Value '' at )"
                "'records.2.member.partitionKey' failed to satisfy constraint: Member must have "
                "length greater than or equal to 1"));
}

TEST_F(PutRecordsTest, TenViolationsAreTheMostThatAreListed) {
  const auto answer = put_all("s", many(20, Json::object()));
  EXPECT_THAT(answer, RefusedAs("ValidationException", StartsWith("10 validation errors detected: "
                                                                  "Value null at "
                                                                  "'records.1.member.data'")));
  EXPECT_EQ(answer.text.find("records.6.member"), std::string::npos);
}

TEST_F(PutRecordsTest, AnArnIsNoName) {
  EXPECT_THAT(put_all(arn("s"), {record("", "a")}),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value '" + arn("s") +
                            "' at 'streamName' failed to satisfy constraint: Member must satisfy "
                            "regular expression pattern: [a-zA-Z0-9_.-]+"));
}

TEST_F(PutRecordsTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(
      put_all("t", {record("", "a")}),
      RefusedAs("ResourceNotFoundException", "Stream t under account 123456789012 not found."));
}

TEST_F(PutRecordsTest, RecordsOfAnotherAccountGoToItsOwnStream) {
  const std::string other = "210987654321";
  call_as(other, kRegion, "CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}});
  const auto answer =
      call_as(other, kRegion, "PutRecords", {{"StreamName", "s"}, {"Records", {record("x", "b")}}});
  EXPECT_THAT(shard_ids(answer), ElementsAre(shard_name(0)));
  EXPECT_THAT(drain("s", "0"), ElementsAre());
}

class ThrottledPutRecordsTest : public PutRecordsTest {
 protected:
  ThrottledPutRecordsTest() : PutRecordsTest({.throttle = {.enabled = true}}) {}
  void SetUp() override { create_stream("s", 1); }

  // Refused records of three calls of twenty records each, `pause` apart.
  std::int64_t refused_of_three_calls(Duration pause) {
    const auto records = many(20, record(std::string(55'000, 'x'), std::string(25, 'k')));
    std::int64_t refused = 0;
    for (int i = 0; i < 3; ++i) {
      if (i > 0) advance(pause);
      refused += put_all("s", records)["FailedRecordCount"].get<std::int64_t>();
    }
    return refused;
  }
};

// 55,025 bytes a record: one mebibyte holds nineteen.
TEST_F(ThrottledPutRecordsTest, InOneInstantNineteenOfSixtyRecordsPass) {
  EXPECT_EQ(refused_of_three_calls(Duration{0}), 41);
}

TEST_F(ThrottledPutRecordsTest, ASpreadOf830MillisecondsRefusesTen) {
  EXPECT_EQ(refused_of_three_calls(milliseconds(830)), 10);
}

TEST_F(ThrottledPutRecordsTest, ASpreadOf1245MillisecondsRefusesThree) {
  EXPECT_EQ(refused_of_three_calls(milliseconds(1245)), 3);
}

TEST_F(ThrottledPutRecordsTest, ARefusedEntryHasAnErrorAndNoNumber) {
  const auto answer = put_all("s", many(2, record(std::string(600'000, 'x'), "a")));
  EXPECT_EQ(answer["FailedRecordCount"], 1);
  EXPECT_EQ(answer["Records"].at(1), Json::parse(R"({
      "ErrorCode": "ProvisionedThroughputExceededException",
      "ErrorMessage":
        "Rate exceeded for shard shardId-000000000000 in stream s under account 123456789012."})"));
}

TEST_F(ThrottledPutRecordsTest, ASmallerRecordPassesBehindARefusedOne) {
  const auto answer = put_all("s", {record(std::string(600'000, 'x'), "a"),
                                    record(std::string(600'000, 'x'), "a"), record("x", "a")});
  EXPECT_THAT(shard_ids(answer), ElementsAre(shard_name(0), "(refused)", shard_name(0)));
}

TEST_F(ThrottledPutRecordsTest, ARefusedRecordTakesNoNumber) {
  const auto large = record(std::string(600'000, 'x'), "a");
  const auto answer = put_all("s", {large, large, record("x", "a")});
  const auto index = [&](std::size_t i) {
    const auto number = answer["Records"].at(i).at("SequenceNumber").get<std::string>();
    return streams::SequenceNumber::parse(number)->index;
  };
  EXPECT_EQ(index(2), index(0) + 1);
}

TEST_F(ThrottledPutRecordsTest, AThousandRecordsASecondPass) {
  const auto records = many(500, record("", "a"));
  EXPECT_EQ(put_all("s", records)["FailedRecordCount"], 0);
  EXPECT_EQ(put_all("s", records)["FailedRecordCount"], 0);
  EXPECT_EQ(put_all("s", records)["FailedRecordCount"], 500);
  advance(milliseconds(100));
  EXPECT_EQ(put_all("s", records)["FailedRecordCount"], 400);
}

TEST_F(ThrottledPutRecordsTest, EachShardHasItsOwnLimit) {
  create_stream("t", 2);
  const auto answer = put_all(
      "t", {record_at(std::string(900'000, 'x'), "0"), record_at(std::string(900'000, 'x'), "0"),
            record_at(std::string(900'000, 'x'), "340282366920938463463374607431768211455")});
  EXPECT_THAT(shard_ids(answer), ElementsAre(shard_name(0), "(refused)", shard_name(1)));
}

TEST_F(ThrottledPutRecordsTest, RefusedRecordsHoldNoMemory) {
  put_all("s", many(2, record(std::string(600'000, 'x'), "a")));
  EXPECT_LT(memory.used(), 700'000);
}

class ScaledPutRecordsTest : public PutRecordsTest {
 protected:
  ScaledPutRecordsTest()
      : PutRecordsTest({.throttle = {.enabled = true, .scale = 2, .burst_seconds = 1.5}}) {}
};

TEST_F(ScaledPutRecordsTest, ScaleAndBurstMultiplyTheLimits) {
  const auto records = many(500, record("", "a"));
  for (int i = 0; i < 6; ++i) EXPECT_EQ(put_all("s", records)["FailedRecordCount"], 0);
  EXPECT_EQ(put_all("s", records)["FailedRecordCount"], 500);
  advance(milliseconds(100));
  EXPECT_EQ(put_all("s", records)["FailedRecordCount"], 300);
}

class SmallPutRecordsTest : public PutRecordsTest {
 protected:
  SmallPutRecordsTest() : PutRecordsTest({.memory_bytes_max = 1024 * 1024}) {}
};

TEST_F(SmallPutRecordsTest, AFullMemoryRefusesEveryEntryAndNamesTheLimit) {
  const auto answer = put_all("s", many(2, record(std::string(600'000, 'x'), "a")));
  EXPECT_EQ(answer["FailedRecordCount"], 2);
  for (const auto& entry : answer["Records"])
    EXPECT_EQ(entry.at("ErrorMessage"),
              "The records held in memory have reached memory.maxMiB (1 MiB).");
  EXPECT_EQ(memory.used(), 0);
}

}  // namespace
}  // namespace hydrant::kinesis
