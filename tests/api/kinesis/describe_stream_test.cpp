#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DescribeStreamTest : public KinesisTest {
 protected:
  using KinesisTest::KinesisTest;

  Answer describe(const std::string& stream, const Json& more = Json::object()) {
    Json input = {{"StreamName", stream}};
    input.update(more);
    return call("DescribeStream", input);
  }
  static std::vector<std::string> ids(const Answer& answer) {
    std::vector<std::string> all;
    if (answer.status != 200) return {"(" + answer.text + ")"};
    for (const auto& shard : answer["StreamDescription"].at("Shards"))
      all.push_back(shard.at("ShardId").get<std::string>());
    return all;
  }
};

TEST_F(DescribeStreamTest, AnUnencryptedStreamHasTheseMembers) {
  create_stream("s", 1);
  EXPECT_THAT(members_of(describe("s")["StreamDescription"]),
              ElementsAre("EncryptionType", "EnhancedMonitoring", "HasMoreShards",
                          "RetentionPeriodHours", "Shards", "StreamARN", "StreamCreationTimestamp",
                          "StreamModeDetails", "StreamName", "StreamStatus"));
}

TEST_F(DescribeStreamTest, TheMembersSayWhatTheStreamIs) {
  advance(milliseconds(1120));  // the time of creation is told in whole seconds
  create_stream("s", 1);
  const auto stream = describe("s")["StreamDescription"];
  EXPECT_EQ(stream.at("EncryptionType"), "NONE");
  EXPECT_EQ(stream.at("EnhancedMonitoring"), Json::parse(R"([{"ShardLevelMetrics":[]}])"));
  EXPECT_EQ(stream.at("RetentionPeriodHours"), 24);
  EXPECT_EQ(stream.at("StreamARN"), "arn:aws:kinesis:us-east-1:123456789012:stream/s");
  EXPECT_EQ(stream.at("StreamCreationTimestamp"), 1767225601);
  EXPECT_EQ(stream.at("StreamModeDetails"), Json::parse(R"({"StreamMode":"PROVISIONED"})"));
  EXPECT_EQ(stream.at("StreamStatus"), "ACTIVE");
}

TEST_F(DescribeStreamTest, AClosedShardAgesOutAsInListShards) {
  create_stream("s", 1);
  call("SplitShard", {{"StreamName", "s"},
                      {"ShardToSplit", shard_name(0)},
                      {"NewStartingHashKey", "170141183460469231731687303715884105728"}});
  advance(hours(24));
  EXPECT_EQ(shards("s").size(), 3U);
  advance(milliseconds(1));
  EXPECT_THAT(ids(describe("s")), ElementsAre(shard_name(1), shard_name(2)));
}

TEST_F(DescribeStreamTest, AnOpenShardHasNoEndingNumberAndNoParents) {
  create_stream("s", 1);
  const auto shard = shards("s").at(0);
  EXPECT_THAT(members_of(shard), ElementsAre("HashKeyRange", "SequenceNumberRange", "ShardId"));
  EXPECT_THAT(members_of(shard.at("SequenceNumberRange")), ElementsAre("StartingSequenceNumber"));
}

TEST_F(DescribeStreamTest, ShardsComeByPages) {
  create_stream("s", 3);
  const auto first = describe("s", {{"Limit", 2}});
  EXPECT_THAT(ids(first), ElementsAre(shard_name(0), shard_name(1)));
  EXPECT_EQ(first["StreamDescription"].at("HasMoreShards"), true);
  const auto second = describe("s", {{"Limit", 2}, {"ExclusiveStartShardId", shard_name(1)}});
  EXPECT_THAT(ids(second), ElementsAre(shard_name(2)));
  EXPECT_EQ(second["StreamDescription"].at("HasMoreShards"), false);
}

TEST_F(DescribeStreamTest, APageThatHoldsAllSaysThatThereIsNoMore) {
  create_stream("s", 2);
  EXPECT_EQ(describe("s", {{"Limit", 2}})["StreamDescription"].at("HasMoreShards"), false);
}

TEST_F(DescribeStreamTest, AHundredShardsAreThePageHoweverManyAreAskedFor) {
  create_stream("s", 101);
  EXPECT_EQ(ids(describe("s")).size(), 100U);
  EXPECT_EQ(ids(describe("s", {{"Limit", 10000}})).size(), 100U);
}

TEST_F(DescribeStreamTest, TheStartingShardNeedNotExist) {
  create_stream("s", 2);
  EXPECT_THAT(ids(describe("s", {{"ExclusiveStartShardId", "shardId-000000000099"}})),
              ElementsAre());
}

TEST_F(DescribeStreamTest, TheStartingShardMustBeReadable) {
  EXPECT_THAT(describe("s", {{"ExclusiveStartShardId", "ABKLFD8"}}),
              RefusedAs("ResourceNotFoundException",
                        "Could not find shard ABKLFD8 in stream s under account 123456789012."));
}

TEST_F(DescribeStreamTest, LimitLiesBetween1And10000) {
  EXPECT_THAT(describe("s", {{"Limit", 0}}),
              RefusedAs("ValidationException", HasSubstr("Value '0' at 'limit'")));
  EXPECT_THAT(describe("s", {{"Limit", 10001}}),
              RefusedAs("ValidationException", HasSubstr("Value '10001' at 'limit'")));
}

TEST_F(DescribeStreamTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(describe("s"), RefusedAs("ResourceNotFoundException",
                                       "Stream s under account 123456789012 not found."));
}

TEST_F(DescribeStreamTest, AStreamAskedForByArnIsNotFoundByItsName) {
  EXPECT_THAT(call("DescribeStream", {{"StreamARN", arn("wrong-name")}}),
              RefusedAs("ResourceNotFoundException",
                        "Stream wrong-name under account 123456789012 not found."));
}

TEST_F(DescribeStreamTest, AStreamMustBeNamed) {
  EXPECT_THAT(
      call("DescribeStream", Json::object()),
      RefusedAs("InvalidArgumentException", "Either StreamName or StreamARN must be provided."));
}

TEST_F(DescribeStreamTest, NameAndArnMayStandTogetherIfTheyAgree) {
  create_stream("s", 1);
  EXPECT_THAT(describe("s", {{"StreamARN", arn("s")}}), Succeeded());
  EXPECT_THAT(describe("t", {{"StreamARN", arn("s")}}),
              RefusedAs("InvalidArgumentException", "StreamName and StreamARN do not match."));
}

TEST_F(DescribeStreamTest, AnArnIsResolvedByItsOwnRegion) {
  create_stream("s", 1);
  const Json input = {{"StreamARN", arn("s")}};
  EXPECT_THAT(call_as("210987654321", "eu-west-1", "DescribeStream", input), Succeeded());
  EXPECT_THAT(call("DescribeStream", {{"StreamARN", arn("s", "eu-west-1")}}),
              RefusedAs("ResourceNotFoundException", HasSubstr("not found.")));
}

TEST_F(DescribeStreamTest, AnArnMustLookLikeOne) {
  EXPECT_THAT(
      call("DescribeStream", {{"StreamARN", "arn:aws:kinesis:us-east-1:1:stream/s"}}),
      RefusedAs("ValidationException",
                "1 validation error detected: Value 'arn:aws:kinesis:us-east-1:1:stream/s' at "
                "'streamARN' failed to satisfy constraint: Member must satisfy regular expression "
                R"(pattern: arn:aws.*:kinesis:.*:\d{12}:stream/\S+)"));
}

TEST_F(DescribeStreamTest, AStreamIdIsCheckedAndOtherwiseIgnored) {
  create_stream("s", 1);
  EXPECT_THAT(describe("s", {{"StreamId", "abcdefghij0123456789-abc"}}), Succeeded());
  EXPECT_THAT(describe("s", {{"StreamId", "x"}}),
              RefusedAs("ValidationException", HasSubstr("Value 'x' at 'streamId'")));
}

TEST_F(DescribeStreamTest, PartitionsFollowTheRegion) {
  const Json input = {{"StreamName", "s"}, {"ShardCount", 1}};
  call_as(kAccount, "cn-north-1", "CreateStream", input);
  const auto answer = call_as(kAccount, "cn-north-1", "DescribeStream", {{"StreamName", "s"}});
  EXPECT_EQ(answer["StreamDescription"].at("StreamARN"),
            "arn:aws-cn:kinesis:cn-north-1:123456789012:stream/s");
}

class CreatingDescribeStreamTest : public DescribeStreamTest {
 protected:
  CreatingDescribeStreamTest() : DescribeStreamTest({.delays = {.create = seconds(1)}}) {}
};

TEST_F(CreatingDescribeStreamTest, ShardsAreShownOnceTheStreamIsActive) {
  call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 3}});
  const auto creating = describe("s")["StreamDescription"];
  EXPECT_EQ(creating.at("Shards"), Json::array());
  EXPECT_EQ(creating.at("HasMoreShards"), false);
  EXPECT_EQ(creating.at("StreamARN"), arn("s"));
  advance(seconds(1));
  EXPECT_EQ(shards("s").size(), 3U);
}

}  // namespace
}  // namespace hydrant::kinesis
