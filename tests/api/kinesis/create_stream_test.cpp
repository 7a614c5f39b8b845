#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CreateStreamTest : public KinesisTest {
 protected:
  using KinesisTest::KinesisTest;

  std::vector<std::string> starting_hash_keys(const std::string& stream) {
    std::vector<std::string> keys;
    for (const auto& shard : shards(stream))
      keys.push_back(shard.at("HashKeyRange").at("StartingHashKey").get<std::string>());
    return keys;
  }
  std::string starting_number(const std::string& stream, std::size_t shard) {
    return shards(stream)
        .at(shard)
        .at("SequenceNumberRange")
        .at("StartingSequenceNumber")
        .get<std::string>();
  }
};

TEST_F(CreateStreamTest, TheReplyIsEmpty) {
  const auto answer = call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(answer.header("Content-Type"), kJsonType);
}

TEST_F(CreateStreamTest, WithoutADelayTheStreamIsActiveAtOnce) {
  call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}});
  EXPECT_EQ(status("s"), "ACTIVE");
}

TEST_F(CreateStreamTest, TwoShardsHalveTheRing) {
  create_stream("s", 2);
  EXPECT_THAT(starting_hash_keys("s"), ElementsAre("0", "170141183460469231731687303715884105728"));
}

TEST_F(CreateStreamTest, ThreeShardsShareTheRing) {
  create_stream("s", 3);
  EXPECT_THAT(starting_hash_keys("s"), ElementsAre("0", "113427455640312821154458202477256070485",
                                                   "226854911280625642308916404954512140970"));
}

TEST_F(CreateStreamTest, FiveShardsShareTheRing) {
  create_stream("s", 5);
  EXPECT_THAT(starting_hash_keys("s"), ElementsAre("0", "68056473384187692692674921486353642291",
                                                   "136112946768375385385349842972707284582",
                                                   "204169420152563078078024764459060926873",
                                                   "272225893536750770770699685945414569164"));
}

TEST_F(CreateStreamTest, TheLastShardTakesWhatTheDivisionLeavesOver) {
  create_stream("s", 7);
  const auto last = shards("s").at(6).at("HashKeyRange");
  EXPECT_EQ(last.at("StartingHashKey"), "291670600217947254397178234941515609816");
  EXPECT_EQ(last.at("EndingHashKey"), "340282366920938463463374607431768211455");
}

TEST_F(CreateStreamTest, StartingNumbersOfOneStreamDifferByTheShardAlone) {
  create_stream("s", 18);
  EXPECT_EQ(starting_number("s", 0), "49670424472731169861061894383142885425265240724400504834");
  EXPECT_EQ(starting_number("s", 1), "49670424472753470606260425006284421143537889085906485266");
  EXPECT_EQ(starting_number("s", 2), "49670424472775771351458955629425956861810537447412465698");
  EXPECT_EQ(starting_number("s", 17), "49670424472753470606260425006284421143537889085906485522");
}

TEST_F(CreateStreamTest, ANameIsRequiredAndACountIsNot) {
  EXPECT_THAT(call("CreateStream", Json::object()),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value null at 'streamName' failed to satisfy "
                        "constraint: Member must not be null"));
}

TEST_F(CreateStreamTest, EachBrokenRuleIsNamed) {
  EXPECT_THAT(
      call("CreateStream", {{"StreamName", ""}, {"ShardCount", 0}}),
      RefusedAs("ValidationException",
                "3 validation errors detected: Value '' at 'streamName' failed to satisfy "
                "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; "
                "Value '' at 'streamName' failed to satisfy constraint: Member must have length "
                "greater than or equal to 1; Value '0' at 'shardCount' failed to satisfy "
                "constraint: Member must have value greater than or equal to 1"));
}

TEST_F(CreateStreamTest, ANameHasAtMost128Characters) {
  EXPECT_THAT(call("CreateStream", {{"StreamName", std::string(128, 'a')}, {"ShardCount", 1}}),
              Succeeded());
  EXPECT_THAT(call("CreateStream", {{"StreamName", std::string(129, 'a')}, {"ShardCount", 1}}),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value '" + std::string(129, 'a') +
                            "' at 'streamName' failed to satisfy constraint: Member must have "
                            "length less than or equal to 128"));
}

TEST_F(CreateStreamTest, ANameIsTakenOnce) {
  create_stream("s", 1);
  EXPECT_THAT(
      call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 2}}),
      RefusedAs("ResourceInUseException", "Stream s under account 123456789012 already exists."));
}

TEST_F(CreateStreamTest, NamesDifferByCase) {
  create_stream("s", 1);
  EXPECT_THAT(call("CreateStream", {{"StreamName", "S"}, {"ShardCount", 1}}), Succeeded());
}

TEST_F(CreateStreamTest, NeitherCountNorModeMeansOnDemandWithFourShards) {
  EXPECT_THAT(call("CreateStream", {{"StreamName", "s"}}), Succeeded());
  EXPECT_EQ(shards("s").size(), 4U);
  const auto answer = call("DescribeStreamSummary", {{"StreamName", "s"}});
  EXPECT_EQ(answer["StreamDescriptionSummary"].at("StreamModeDetails").at("StreamMode"),
            "ON_DEMAND");
}

TEST_F(CreateStreamTest, OnDemandTakesNoCount) {
  EXPECT_THAT(
      call("CreateStream", {{"StreamName", "s"},
                            {"ShardCount", 1},
                            {"StreamModeDetails", {{"StreamMode", "ON_DEMAND"}}}}),
      RefusedAs("ValidationException", "ShardCount is not expected when StreamMode=ON_DEMAND"));
}

TEST_F(CreateStreamTest, ProvisionedNeedsACount) {
  EXPECT_THAT(call("CreateStream",
                   {{"StreamName", "s"}, {"StreamModeDetails", {{"StreamMode", "PROVISIONED"}}}}),
              RefusedAs("ValidationException", HasSubstr("ShardCount is expected")));
}

TEST_F(CreateStreamTest, AModeIsOneOfTwo) {
  EXPECT_THAT(
      call("CreateStream", {{"StreamName", "s"}, {"StreamModeDetails", {{"StreamMode", "X"}}}}),
      RefusedAs("ValidationException",
                "1 validation error detected: Value 'X' at 'streamModeDetails.streamMode' failed "
                "to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, "
                "ON_DEMAND]"));
}

TEST_F(CreateStreamTest, ModeDetailsThatAreThereNeedAMode) {
  EXPECT_THAT(
      call("CreateStream", {{"StreamName", "s"}, {"StreamModeDetails", Json::object()}}),
      RefusedAs("ValidationException", HasSubstr("Value null at 'streamModeDetails.streamMode'")));
}

TEST_F(CreateStreamTest, MaxRecordSizeLiesBetweenOneAndTenMebibytes) {
  EXPECT_THAT(
      call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}, {"MaxRecordSizeInKiB", 1023}}),
      RefusedAs("ValidationException", HasSubstr("greater than or equal to 1024")));
  EXPECT_THAT(
      call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}, {"MaxRecordSizeInKiB", 10241}}),
      RefusedAs("ValidationException", HasSubstr("less than or equal to 10240")));
}

TEST_F(CreateStreamTest, ATagKeyIsNotEmpty) {
  EXPECT_THAT(
      call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}, {"Tags", {{"", "v"}}}}),
      RefusedAs("ValidationException",
                "1 validation error detected: Value '{=v}' at 'tags' failed to satisfy constraint: "
                "Map keys must satisfy constraint: [Member must have length less than or equal to "
                "128, Member must have length greater than or equal to 1]"));
}

TEST_F(CreateStreamTest, ATagValueHasAtMost256Characters) {
  const std::string value(257, 'v');
  EXPECT_THAT(
      call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}, {"Tags", {{"k", value}}}}),
      RefusedAs("ValidationException",
                "1 validation error detected: Value '{k=" + value +
                    "}' at 'tags' failed to satisfy constraint: Map value must satisfy constraint: "
                    "[Member must have length less than or equal to 256, Member must have length "
                    "greater than or equal to 0]"));
}

TEST_F(CreateStreamTest, TagsAreKept) {
  create_stream("s", 1, {{"Tags", {{"k", "v"}}}});
  EXPECT_EQ(call("ListTagsForStream", {{"StreamName", "s"}})["Tags"],
            Json::parse(R"([{"Key": "k", "Value": "v"}])"));
}

TEST_F(CreateStreamTest, TagsThatAreRefusedLeaveNoStream) {
  EXPECT_THAT(
      call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}, {"Tags", {{"a,b", "v"}}}}),
      RefusedAs("InvalidArgumentException",
                "Some tags contain invalid characters. Valid characters: Unicode letters, digits, "
                "white space, _ . / = + - % @."));
  Json many;
  for (int i = 0; i < 51; ++i) many[std::to_string(i)] = "v";
  EXPECT_THAT(call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}, {"Tags", many}}),
              RefusedAs("InvalidArgumentException",
                        "Failed to add tags to stream s under account 123456789012 because a given "
                        "stream cannot have more than 50 tags associated with it."));
  EXPECT_EQ(status("s"), "(none)");
}

TEST_F(CreateStreamTest, WarmThroughputMakesShardsOfAnOnDemandStream) {
  const Json input = {{"StreamName", "s"},
                      {"StreamModeDetails", {{"StreamMode", "ON_DEMAND"}}},
                      {"WarmThroughputMiBps", 9}};
  EXPECT_THAT(call("CreateStream", input),
              RefusedAs("ValidationException",
                        "Request is invalid. WarmThroughputMiBps needs the account 123456789012 to "
                        "have MinimumThroughputBillingCommitment enabled."));
  call("UpdateAccountSettings", {{"MinimumThroughputBillingCommitment", {{"Status", "ENABLED"}}}});
  ASSERT_THAT(call("CreateStream", input), Succeeded());
  EXPECT_EQ(shards("s").size(), 9U);
}

TEST_F(CreateStreamTest, StreamsOfAnotherAccountAreOthers) {
  create_stream("s", 1);
  const Json input = {{"StreamName", "s"}, {"ShardCount", 2}};
  EXPECT_THAT(call_as("210987654321", kRegion, "CreateStream", input), Succeeded());
  EXPECT_EQ(shards("s").size(), 1U);
}

TEST_F(CreateStreamTest, StreamsOfAnotherRegionAreOthers) {
  create_stream("s", 1);
  const Json input = {{"StreamName", "s"}, {"ShardCount", 2}};
  EXPECT_THAT(call_as(kAccount, "eu-west-1", "CreateStream", input), Succeeded());
  EXPECT_EQ(shards("s").size(), 1U);
}

TEST_F(CreateStreamTest, AWrongSecretKeyIdIsNoAccount) {
  EXPECT_THAT(
      call_as("AKIDEXAMPLE", kRegion, "CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}}),
      Succeeded());
  EXPECT_EQ(status("s"), "ACTIVE");
}

class DelayedCreateStreamTest : public KinesisTest {
 protected:
  DelayedCreateStreamTest() : KinesisTest({.delays = {.create = milliseconds(500)}}) {}
};

TEST_F(DelayedCreateStreamTest, AStreamIsCreatingUntilItsDelayHasPassed) {
  call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}});
  advance(milliseconds(499));
  EXPECT_EQ(status("s"), "CREATING");
  advance(milliseconds(1));
  EXPECT_EQ(status("s"), "ACTIVE");
}

TEST_F(DelayedCreateStreamTest, ANameIsTakenWhileItsStreamIsCreating) {
  call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}});
  EXPECT_THAT(
      call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}}),
      RefusedAs("ResourceInUseException", "Stream s under account 123456789012 already exists."));
}

TEST_F(DelayedCreateStreamTest, AtMostFiveStreamsAreCreatingAtATime) {
  for (const auto* name : {"a", "b", "c", "d", "e"})
    ASSERT_THAT(call("CreateStream", {{"StreamName", name}, {"ShardCount", 1}}), Succeeded());
  EXPECT_THAT(call("CreateStream", {{"StreamName", "f"}, {"ShardCount", 1}}),
              RefusedAs("LimitExceededException",
                        "This request would exceed the limit on the number of streams in CREATING "
                        "state. Limit: 5"));
  advance(milliseconds(500));
  EXPECT_THAT(call("CreateStream", {{"StreamName", "f"}, {"ShardCount", 1}}), Succeeded());
}

class QuotaCreateStreamTest : public KinesisTest {
 protected:
  QuotaCreateStreamTest()
      : KinesisTest({.quotas = {.shards_large_region = 5, .shards = 3, .on_demand_streams = 1}}) {}
};

TEST_F(QuotaCreateStreamTest, AnAccountHasAShardQuota) {
  create_stream("s", 3);
  EXPECT_THAT(
      call("CreateStream", {{"StreamName", "t"}, {"ShardCount", 3}}),
      RefusedAs("LimitExceededException",
                "This request would exceed the shard limit for the account 123456789012 in "
                "us-east-1. Current shard count for the account: 3. Limit: 5. Number of additional "
                "shards that would have resulted from this request: 3. Refer to the AWS Service "
                "Limits page "
                "(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for "
                "current limits and how to request higher limits."));
  EXPECT_THAT(call("CreateStream", {{"StreamName", "t"}, {"ShardCount", 2}}), Succeeded());
}

TEST_F(QuotaCreateStreamTest, MostRegionsHaveASmallerQuota) {
  const Json input = {{"StreamName", "s"}, {"ShardCount", 4}};
  EXPECT_THAT(call_as(kAccount, "ap-northeast-2", "CreateStream", input),
              RefusedAs("LimitExceededException", HasSubstr("in ap-northeast-2. Current shard "
                                                            "count for the account: 0. Limit: 3")));
}

TEST_F(QuotaCreateStreamTest, AnAccountHasAQuotaOfOnDemandStreams) {
  ASSERT_THAT(call("CreateStream", {{"StreamName", "s"}}), Succeeded());
  EXPECT_THAT(
      call("CreateStream", {{"StreamName", "t"}}),
      RefusedAs(
          "LimitExceededException",
          "This request would exceed the limit on the number of On-Demand streams for the "
          "account 123456789012 in us-east-1. Current On-Demand streams count: 1. Limit: 1."));
}

TEST_F(QuotaCreateStreamTest, AnAbsurdCountIsRefusedAndNotTried) {
  EXPECT_THAT(call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 99'999'999'999}}),
              RefusedAs("LimitExceededException",
                        HasSubstr("that would have resulted from this request: 2147483647.")));
}

}  // namespace
}  // namespace hydrant::kinesis
