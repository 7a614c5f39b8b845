#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class PutRecordTest : public KinesisTest {
 protected:
  using KinesisTest::KinesisTest;
  void SetUp() override { create_stream("s", 3); }

  std::string shard_of(Json entry) {
    const auto answer = put("s", std::move(entry));
    return answer.status == 200 ? answer["ShardId"].get<std::string>() : answer.text;
  }
  Answer put_after(const std::string& number) {
    auto entry = record("", "a");
    entry["SequenceNumberForOrdering"] = number;
    return put("s", entry);
  }
};

TEST_F(PutRecordTest, TheReplyNamesShardAndNumberOnly) {
  EXPECT_THAT(members_of(put("s", record("x", "a")).body),
              ElementsAre("SequenceNumber", "ShardId"));
}

TEST_F(PutRecordTest, ThePartitionKeyChoosesTheShardByItsDigest) {
  EXPECT_EQ(shard_of(record("", "a")), shard_name(0));
  EXPECT_EQ(shard_of(record("", "b")), shard_name(1));
  EXPECT_EQ(shard_of(record("", "e")), shard_name(2));
}

TEST_F(PutRecordTest, AnExplicitHashKeyReplacesTheDigest) {
  EXPECT_EQ(shard_of(record_at("", "0")), shard_name(0));
  EXPECT_EQ(shard_of(record_at("", "113427455640312821154458202477256070484")), shard_name(0));
  EXPECT_EQ(shard_of(record_at("", "113427455640312821154458202477256070485")), shard_name(1));
  EXPECT_EQ(shard_of(record_at("", "226854911280625642308916404954512140970")), shard_name(2));
  EXPECT_EQ(shard_of(record_at("", "340282366920938463463374607431768211455")), shard_name(2));
}

// 2^128 is the first key that is off the ring.
TEST_F(PutRecordTest, AKeyOffTheRingIsRefused) {
  EXPECT_THAT(put("s", record_at("", "340282366920938463463374607431768211456")),
              RefusedAs("InvalidArgumentException",
                        "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, "
                        "2^128-1]. Specified value was 340282366920938463463374607431768211456"));
}

TEST_F(PutRecordTest, AKeyIsWrittenWithoutLeadingZeros) {
  EXPECT_THAT(
      put("s", record_at("", "01")),
      RefusedAs(
          "ValidationException",
          "1 validation error detected: Value '01' at 'explicitHashKey' failed to satisfy "
          R"(constraint: Member must satisfy regular expression pattern: 0|([1-9]\d{0,38}))"));
}

TEST_F(PutRecordTest, TheNumberTellsShardIndexAndTime) {
  advance(seconds(10));
  EXPECT_EQ(put("s", record("", "a"))["SequenceNumber"],
            "49670424472731169861061894383144094351084856040769978370");
}

TEST_F(PutRecordTest, NumbersOfAShardRiseByOneIndex) {
  const auto index = [&] {
    const auto number = put("s", record("", "a"))["SequenceNumber"].get<std::string>();
    return streams::SequenceNumber::parse(number)->index;
  };
  EXPECT_EQ(index(), 1U);
  advance(hours(1));
  EXPECT_EQ(index(), 2U);
}

TEST_F(PutRecordTest, EmptyDataIsARecord) {
  put("s", record("", "a"));
  EXPECT_THAT(drain("s", "0"), ElementsAre(""));
}

TEST_F(PutRecordTest, AnyByteIsKept) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  put("s", record(all, "a"));
  EXPECT_THAT(drain("s", "0"), ElementsAre(all));
}

TEST_F(PutRecordTest, AKeyIsAnyText) {
  const std::string key = "\xC3\xA4\"\\\n\xF0\x9F\x98\x80";
  ASSERT_THAT(put("s", record_at("x", "0")), Succeeded());
  auto entry = record_at("y", "0");
  entry["PartitionKey"] = key;
  ASSERT_THAT(put("s", entry), Succeeded());
  EXPECT_EQ(read(iterator("s", "0"))["Records"].at(1).at("PartitionKey"), key);
}

// The service counts as Java does: a character beyond the basic plane is two.
TEST_F(PutRecordTest, AKeyHasAtMost256Utf16Units) {
  std::string emoji;
  for (int i = 0; i < 128; ++i) emoji += "\xF0\x9F\x98\x80";
  EXPECT_THAT(put("s", record("", emoji)), Succeeded());
  EXPECT_THAT(put("s", record("", emoji + "a")),
              RefusedAs("ValidationException", HasSubstr("less than or equal to 256")));
}

TEST_F(PutRecordTest, BrokenRulesAreNamedTogether) {
  EXPECT_THAT(
      call("PutRecord", {{"StreamName", ""}, {"PartitionKey", ""}, {"Data", ""}}),
      RefusedAs("ValidationException",
                "3 validation errors detected: Value '' at 'streamName' failed to satisfy "
                "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; "
                "Value '' at 'streamName' failed to satisfy constraint: Member must have length "
                "greater than or equal to 1; Value '' at 'partitionKey' failed to satisfy "
                "constraint: Member must have length greater than or equal to 1"));
}

TEST_F(PutRecordTest, DataAndKeyAreRequired) {
  EXPECT_THAT(call("PutRecord", {{"StreamName", "s"}}),
              RefusedAs("ValidationException",
                        "2 validation errors detected: Value null at 'data' failed to satisfy "
                        "constraint: Member must not be null; Value null at 'partitionKey' failed "
                        "to satisfy constraint: Member must not be null"));
}

TEST_F(PutRecordTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(
      put("t", record("", "a")),
      RefusedAs("ResourceNotFoundException", "Stream t under account 123456789012 not found."));
}

TEST_F(PutRecordTest, TheStreamIsLookedUpBeforeTheKeyIsRead) {
  EXPECT_THAT(put("t", record_at("", "340282366920938463463374607431768211456")),
              RefusedAs("ResourceNotFoundException", HasSubstr("Stream t")));
}

TEST_F(PutRecordTest, AnArnNamesTheStreamToo) {
  auto entry = record("x", "a");
  entry["StreamARN"] = arn("s");
  EXPECT_THAT(call("PutRecord", entry), Succeeded());
}

TEST_F(PutRecordTest, ANumberOfThePastMayBeGivenForOrdering) {
  EXPECT_THAT(put_after("49039857307708443467467104868809893875799651909875269633"), Succeeded());
}

TEST_F(PutRecordTest, FromWhichShardANumberForOrderingComesIsNotLookedAt) {
  EXPECT_THAT(put_after("49039857307708443467467104868809893875799651944235008002"), Succeeded());
}

TEST_F(PutRecordTest, AnUnreadableNumberForOrderingIsRefused) {
  const std::string numbers[] = {
      "49039857307708443467467104868809893875799651909875269632",   // version 0 in 47 digits
      "49039857307708443467467104868809893875799651909875269636",   // version 4
      "73559785961562665201200657303214840813699477864812904449",   // begins with 3
      "49039857307719593840066370180380661734935976090628259842"};  // index with its top bit set
  for (const auto& number : numbers)
    EXPECT_THAT(put_after(number),
                RefusedAs("InvalidArgumentException",
                          "ExclusiveMinimumSequenceNumber " + number +
                              " used in PutRecord on stream s under account 123456789012 is "
                              "invalid."));
}

// Its shard's second is the one after the reshard, so for a moment it is a number of the future.
TEST_F(PutRecordTest, ANumberThatANewShardHasGivenMayBeGivenForOrdering) {
  call("SplitShard", {{"StreamName", "s"}, {"ShardToSplit", "0"}, {"NewStartingHashKey", "7"}});
  const auto number = put("s", record_at("x", "0"))["SequenceNumber"];
  auto next = record_at("y", "0");
  next["SequenceNumberForOrdering"] = number;
  EXPECT_THAT(put("s", next), Succeeded());
}

TEST_F(PutRecordTest, ANumberOfTheFutureCannotBeGivenForOrdering) {
  const streams::SequenceNumber number{kStartSecond, 1, kStartSecond + 1, 0};
  EXPECT_THAT(put_after(number.str()),
              RefusedAs("InvalidArgumentException", StartsWith("ExclusiveMinimumSequenceNumber")));
}

TEST_F(PutRecordTest, ARecordMayFillTheSizeOfItsStreamWithItsKey) {
  EXPECT_THAT(put("s", record(std::string(1024 * 1024 - 1, 'x'), "a")), Succeeded());
  EXPECT_THAT(put("s", record(std::string(1024 * 1024, 'x'), "a")),
              RefusedAs("InvalidArgumentException",
                        HasSubstr("Record size of 1048577 bytes exceeds the maximum record size of "
                                  "1048576 bytes")));
}

TEST_F(PutRecordTest, AStreamMayTakeLargerRecords) {
  create_stream("large", 1, {{"MaxRecordSizeInKiB", 2048}});
  EXPECT_THAT(put("large", record(std::string(2 * 1024 * 1024 - 1, 'x'), "a")), Succeeded());
}

TEST_F(PutRecordTest, TenMebibytesAreTheMostThatTheModelAllows) {
  EXPECT_THAT(put("s", record(std::string(10 * 1024 * 1024 + 1, 'x'), "a")),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value "
                        "'java.nio.HeapByteBuffer[pos=0 lim=10485761 cap=10485761]' at 'data' "
                        "failed to satisfy constraint: Member must have length less than or equal "
                        "to 10485760"));
}

class CreatingPutRecordTest : public KinesisTest {
 protected:
  CreatingPutRecordTest() : KinesisTest({.delays = {.create = seconds(1)}}) {}
};

TEST_F(CreatingPutRecordTest, ACreatingStreamIsNotFound) {
  call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}});
  EXPECT_THAT(
      put("s", record("", "a")),
      RefusedAs("ResourceNotFoundException", "Stream s under account 123456789012 not found."));
}

class ThrottledPutRecordTest : public KinesisTest {
 protected:
  ThrottledPutRecordTest() : KinesisTest({.throttle = {.enabled = true}}) {}
  void SetUp() override { create_stream("s", 1); }
};

TEST_F(ThrottledPutRecordTest, AFullShardRefusesTheCall) {
  const auto half = record(std::string(600'000, 'x'), "a");
  ASSERT_THAT(put("s", half), Succeeded());
  EXPECT_THAT(put("s", half),
              RefusedAs("ProvisionedThroughputExceededException",
                        "Rate exceeded for shard shardId-000000000000 in stream s under account "
                        "123456789012."));
}

TEST_F(ThrottledPutRecordTest, ARefusedRecordCostsNothing) {
  ASSERT_THAT(put("s", record(std::string(600'000, 'x'), "a")), Succeeded());
  ASSERT_EQ(put("s", record(std::string(600'000, 'x'), "a")).status, 400);
  EXPECT_THAT(put("s", record(std::string(448'574, 'x'), "a")), Succeeded());
}

TEST_F(ThrottledPutRecordTest, TheBucketRefillsAtOneMebibyteASecond) {
  ASSERT_THAT(put("s", record(std::string(1024 * 1024 - 1, 'x'), "a")), Succeeded());
  advance(milliseconds(500));
  EXPECT_EQ(put("s", record(std::string(524'288, 'x'), "a")).status, 400);
  EXPECT_THAT(put("s", record(std::string(524'287, 'x'), "a")), Succeeded());
}

TEST_F(ThrottledPutRecordTest, AThousandRecordsASecondAreTheOtherLimit) {
  for (int i = 0; i < 1000; ++i) ASSERT_THAT(put("s", record("", "a")), Succeeded());
  EXPECT_EQ(put("s", record("", "a")).status, 400);
  advance(milliseconds(1));
  EXPECT_THAT(put("s", record("", "a")), Succeeded());
}

TEST_F(ThrottledPutRecordTest, TheBucketIsAsLargeAsTheLargestRecord) {
  create_stream("large", 1, {{"MaxRecordSizeInKiB", 10240}});
  EXPECT_THAT(put("large", record(std::string(10 * 1024 * 1024 - 1, 'x'), "a")), Succeeded());
  advance(milliseconds(9999));
  EXPECT_EQ(put("large", record(std::string(10 * 1024 * 1024 - 1, 'x'), "a")).status, 400);
  advance(milliseconds(1));
  EXPECT_THAT(put("large", record(std::string(10 * 1024 * 1024 - 1, 'x'), "a")), Succeeded());
}

class SmallPutRecordTest : public KinesisTest {
 protected:
  SmallPutRecordTest() : KinesisTest({.memory_bytes_max = 1024 * 1024}) {}
  void SetUp() override { create_stream("s", 1); }
};

TEST_F(SmallPutRecordTest, AFullMemoryRefusesTheCallAndNamesTheLimit) {
  ASSERT_THAT(put("s", record(std::string(600'000, 'x'), "a")), Succeeded());
  EXPECT_THAT(put("s", record(std::string(600'000, 'x'), "a")),
              RefusedAs("ProvisionedThroughputExceededException",
                        "The records held in memory have reached memory.maxMiB (1 MiB)."));
}

class TrimmingPutRecordTest : public KinesisTest {
 protected:
  TrimmingPutRecordTest()
      : KinesisTest({.memory_bytes_max = 2 * 1024 * 1024, .when_full = streams::WhenFull::trim}) {}
};

TEST_F(TrimmingPutRecordTest, AFullMemoryDropsTheOldestRecords) {
  create_stream("s", 1);
  create_stream("t", 1);
  put("s", record(std::string(1'000'000, '1'), "a"));
  advance(seconds(1));
  put("t", record(std::string(1'000'000, '2'), "a"));
  advance(seconds(1));
  EXPECT_THAT(put("t", record(std::string(1'000'000, '3'), "a")), Succeeded());
  EXPECT_THAT(drain("s", "0"), ElementsAre());
  EXPECT_THAT(drain("t", "0"), ElementsAre(StartsWith("2"), StartsWith("3")));
}

}  // namespace
}  // namespace hydrant::kinesis
