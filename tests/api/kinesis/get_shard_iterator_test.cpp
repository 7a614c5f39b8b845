#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kNeitherText =
    "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and "
    "StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request "
    "specified ";

class GetShardIteratorTest : public KinesisTest {
 protected:
  using KinesisTest::KinesisTest;
  void SetUp() override { create_stream("s", 3); }

  // Puts into shard 0 and gives the number.
  std::string put_one(const std::string& data) {
    return put("s", record_at(data, "0"))["SequenceNumber"].get<std::string>();
  }
  std::vector<std::string> data_from(const std::string& type, const Json& more = Json::object()) {
    return data_of(read(iterator("s", "0", type, more)));
  }
  Answer at_number(const std::string& number) {
    return ask_iterator("s", "shardId-0", "AT_SEQUENCE_NUMBER",
                        {{"StartingSequenceNumber", number}});
  }
  static std::string used_in(const std::string& number) {
    return "StartingSequenceNumber " + number +
           " used in GetShardIterator on shard shardId-000000000000 in stream s under account "
           "123456789012 ";
  }
};

TEST_F(GetShardIteratorTest, TheReplyHasOneMember) {
  EXPECT_THAT(members_of(ask_iterator("s", "0", "LATEST").body), ElementsAre("ShardIterator"));
}

TEST_F(GetShardIteratorTest, TrimHorizonBeginsWithTheOldestRecord) {
  put_one("1");
  put_one("2");
  EXPECT_THAT(data_from("TRIM_HORIZON"), ElementsAre("1", "2"));
}

TEST_F(GetShardIteratorTest, LatestBeginsBehindTheNewestRecord) {
  put_one("1");
  const auto latest = iterator("s", "0", "LATEST");
  put_one("2");
  EXPECT_THAT(data_of(read(latest)), ElementsAre("2"));
}

TEST_F(GetShardIteratorTest, ANumberBeginsAtItsRecordOrBehindIt) {
  put_one("1");
  const auto number = put_one("2");
  put_one("3");
  EXPECT_THAT(data_from("AT_SEQUENCE_NUMBER", {{"StartingSequenceNumber", number}}),
              ElementsAre("2", "3"));
  EXPECT_THAT(data_from("AFTER_SEQUENCE_NUMBER", {{"StartingSequenceNumber", number}}),
              ElementsAre("3"));
}

TEST_F(GetShardIteratorTest, TheStartingNumberOfTheShardBeginsAtItsFirstRecord) {
  const auto start = shards("s").at(0).at("SequenceNumberRange").at("StartingSequenceNumber");
  const auto empty = iterator("s", "0", "AT_SEQUENCE_NUMBER", {{"StartingSequenceNumber", start}});
  put_one("1");
  EXPECT_THAT(data_of(read(empty)), ElementsAre("1"));
}

TEST_F(GetShardIteratorTest, ATimeBeginsWithTheFirstRecordNotOlder) {
  put_one("0");
  advance(seconds(1));
  put_one("1");
  advance(seconds(1));
  put_one("2");
  const auto from = [&](double second) {
    return data_from("AT_TIMESTAMP", {{"Timestamp", kStartSecond + second}});
  };
  EXPECT_THAT(from(-1000), ElementsAre("0", "1", "2"));
  EXPECT_THAT(from(0.5), ElementsAre("1", "2"));
  EXPECT_THAT(from(1), ElementsAre("1", "2"));
  EXPECT_THAT(from(1.001), ElementsAre("2"));
}

TEST_F(GetShardIteratorTest, ATimeBehindTheLastRecordIsLatest) {
  put_one("1");
  advance(seconds(5));
  const auto behind = iterator("s", "0", "AT_TIMESTAMP", {{"Timestamp", kStartSecond + 3}});
  put_one("2");
  EXPECT_THAT(data_of(read(behind)), ElementsAre("2"));
}

TEST_F(GetShardIteratorTest, ATimeInTheFutureIsRefused) {
  EXPECT_THAT(ask_iterator("s", "0", "AT_TIMESTAMP", {{"Timestamp", kStartSecond + 0.25}}),
              RefusedAs("InvalidArgumentException",
                        "The timestampInMillis parameter cannot be greater than the "
                        "currentTimestampInMillis. timestampInMillis: 1767225600250, "
                        "currentTimestampInMillis: 1767225600000"));
}

TEST_F(GetShardIteratorTest, ATimeMustBeGivenForItsType) {
  EXPECT_THAT(ask_iterator("s", "0", "AT_TIMESTAMP"),
              RefusedAs("InvalidArgumentException",
                        "Must specify timestampInMillis parameter for iterator of type "
                        "AT_TIMESTAMP. Current request has no timestamp parameter."));
}

TEST_F(GetShardIteratorTest, AnIdMayBeWrittenInManyWays) {
  for (const auto* id : {"shardId-000000000001", "shardId-1", "1", "-01", "anything-1"})
    EXPECT_THAT(ask_iterator("s", id, "LATEST"), Succeeded()) << id;
}

TEST_F(GetShardIteratorTest, AnUnreadableIdIsRefusedBeforeTheStreamIsLookedUp) {
  for (const std::string id :
       {"ABKLFD8", "shardId-002147483648", "2147483648", "shardId-", "a-b-1"})
    EXPECT_THAT(
        ask_iterator("none", id, "LATEST"),
        RefusedAs("ResourceNotFoundException",
                  "Could not find shard " + id + " in stream none under account 123456789012."));
}

TEST_F(GetShardIteratorTest, WithoutAStreamItIsTheShardThatDoesNotExist) {
  EXPECT_THAT(ask_iterator("none", "a-00002147483647", "LATEST"),
              RefusedAs("ResourceNotFoundException",
                        "Shard shardId-002147483647 in stream none under account 123456789012 does "
                        "not exist"));
}

TEST_F(GetShardIteratorTest, AnUnknownShardDoesNotExist) {
  EXPECT_THAT(
      ask_iterator("s", "shardId-5", "AT_SEQUENCE_NUMBER", {{"StartingSequenceNumber", "5"}}),
      RefusedAs("ResourceNotFoundException",
                "Shard shardId-000000000005 in stream s under account 123456789012 does not "
                "exist"));
}

TEST_F(GetShardIteratorTest, ANumberMustBeGivenForItsTypes) {
  for (const std::string type : {"AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"})
    EXPECT_THAT(ask_iterator("s", "0", type),
                RefusedAs("InvalidArgumentException",
                          kNeitherText + type + " and no StartingSequenceNumber."));
}

TEST_F(GetShardIteratorTest, ANumberMustNotBeGivenForOthers) {
  for (const std::string type : {"TRIM_HORIZON", "LATEST"})
    EXPECT_THAT(ask_iterator("s", "0", type, {{"StartingSequenceNumber", "5"}}),
                RefusedAs("InvalidArgumentException",
                          kNeitherText + type + " and also a StartingSequenceNumber."));
}

TEST_F(GetShardIteratorTest, ASmallNumberEncodesItselfAsShard) {
  EXPECT_THAT(at_number("5"),
              RefusedAs("InvalidArgumentException",
                        "Invalid StartingSequenceNumber. It encodes shardId-000000000005, while it "
                        "was used in a call to a shard with shardId-000000000000"));
}

TEST_F(GetShardIteratorTest, ANegativeShardIsPrintedWithItsSign) {
  EXPECT_THAT(at_number("49039857307708443467467104868809893875799651944235008002"),
              RefusedAs("InvalidArgumentException",
                        "Invalid StartingSequenceNumber. It encodes shardId--02147483648, while it "
                        "was used in a call to a shard with shardId-000000000000"));
}

TEST_F(GetShardIteratorTest, AnUnreadableNumberIsInvalid) {
  for (const std::string number : {"26227199374822427428162556223570313216",
                                   "49039857307719593840066370180380661734935976090628259842"})
    EXPECT_THAT(at_number(number),
                RefusedAs("InvalidArgumentException", used_in(number) + "is invalid."));
}

TEST_F(GetShardIteratorTest, ANumberOfAnotherStreamIsInvalid) {
  const std::string number = streams::SequenceNumber{kStartSecond - 9, 1, kStartSecond, 0}.str();
  EXPECT_THAT(at_number(number),
              RefusedAs("InvalidArgumentException",
                        used_in(number) + "is invalid because it did not come from this stream."));
}

TEST_F(GetShardIteratorTest, TheServiceStumblesOverTheNumberZero) {
  const auto answer = at_number("0");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.text, R"({"__type":"InternalFailure"})");
  // It is a number of shard 0, though, and other shards say so.
  EXPECT_THAT(ask_iterator("s", "1", "AT_SEQUENCE_NUMBER", {{"StartingSequenceNumber", "0"}}),
              RefusedAs("InvalidArgumentException",
                        "Invalid StartingSequenceNumber. It encodes shardId-000000000000, while it "
                        "was used in a call to a shard with shardId-000000000001"));
}

TEST_F(GetShardIteratorTest, ANumberLooksLikeOne) {
  EXPECT_THAT(
      at_number("2023-01-30T10:25:46.090Z"),
      RefusedAs("ValidationException",
                "1 validation error detected: Value '2023-01-30T10:25:46.090Z' at "
                "'startingSequenceNumber' failed to satisfy constraint: Member must satisfy "
                R"(regular expression pattern: 0|([1-9]\d{0,128}))"));
}

TEST_F(GetShardIteratorTest, ATypeIsOneOfFive) {
  EXPECT_THAT(ask_iterator("s", "0", "NEWEST"),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value 'NEWEST' at 'shardIteratorType' failed "
                        "to satisfy constraint: Member must satisfy enum value set: "
                        "[AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, "
                        "TRIM_HORIZON]"));
}

TEST_F(GetShardIteratorTest, ATimestampIsANumber) {
  EXPECT_THAT(ask_iterator("s", "0", "AT_TIMESTAMP", {{"Timestamp", "2026-01-01"}}),
              RefusedAs("SerializationException",
                        "class java.lang.String can not be converted to "
                        "milliseconds since epoch"));
}

TEST_F(GetShardIteratorTest, AnIteratorIsBase64AsLongAsTheServicesOwn) {
  for (const std::size_t length : {1U, 13U, 14U, 29U, 30U, 128U}) {
    const std::string name(length, 'n');
    create_stream(name, 1);
    const auto token = iterator(name, "0");
    EXPECT_LE(token.size(), 512U);
    EXPECT_EQ(decoded(token).size(), 152 + (length + 2) / 16 * 16) << length;
  }
}

TEST_F(GetShardIteratorTest, TwoIteratorsOfOnePositionDiffer) {
  EXPECT_NE(iterator("s", "0"), iterator("s", "0"));
}

class CreatingIteratorTest : public KinesisTest {
 protected:
  CreatingIteratorTest() : KinesisTest({.delays = {.create = seconds(1)}}) {}
};

TEST_F(CreatingIteratorTest, AShardOfACreatingStreamDoesNotExist) {
  call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}});
  EXPECT_THAT(ask_iterator("s", "0", "LATEST"),
              RefusedAs("ResourceNotFoundException",
                        "Shard shardId-000000000000 in stream s under account 123456789012 does "
                        "not exist"));
}

class ThrottledIteratorTest : public KinesisTest {
 protected:
  ThrottledIteratorTest() : KinesisTest({.throttle = {.enabled = true}}) {}
};

TEST_F(ThrottledIteratorTest, FiveIteratorsASecondAreTheLimitOfAShard) {
  create_stream("s", 2);
  for (int i = 0; i < 5; ++i) ASSERT_THAT(ask_iterator("s", "0", "LATEST"), Succeeded());
  EXPECT_THAT(ask_iterator("s", "0", "LATEST"),
              RefusedAs("ProvisionedThroughputExceededException",
                        HasSubstr("Shard - 123456789012/s/shardId-000000000000")));
  EXPECT_THAT(ask_iterator("s", "1", "LATEST"), Succeeded());
  advance(milliseconds(200));
  EXPECT_THAT(ask_iterator("s", "0", "LATEST"), Succeeded());
}

}  // namespace
}  // namespace hydrant::kinesis
