#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;

class DescribeStreamSummaryTest : public KinesisTest {
 protected:
  using KinesisTest::KinesisTest;

  Json summary(const std::string& stream) {
    const auto answer = call("DescribeStreamSummary", {{"StreamName", stream}});
    return answer.status == 200 ? answer["StreamDescriptionSummary"] : Json(answer.text);
  }
};

TEST_F(DescribeStreamSummaryTest, ItHasTheMembersOfTheDescriptionButTheShards) {
  create_stream("s", 1);
  EXPECT_THAT(
      members_of(summary("s")),
      ElementsAre("ConsumerCount", "EncryptionType", "EnhancedMonitoring", "MaxRecordSizeInKiB",
                  "OpenShardCount", "RetentionPeriodHours", "StreamARN", "StreamCreationTimestamp",
                  "StreamModeDetails", "StreamName", "StreamStatus"));
}

TEST_F(DescribeStreamSummaryTest, AStreamWithoutConsumersSaysSo) {
  create_stream("s", 3);
  EXPECT_EQ(summary("s").at("ConsumerCount"), 0);
}

TEST_F(DescribeStreamSummaryTest, ClosedShardsAreNotCounted) {
  create_stream("s", 3);
  EXPECT_EQ(summary("s").at("OpenShardCount"), 3);
  call("SplitShard", {{"StreamName", "s"}, {"ShardToSplit", "0"}, {"NewStartingHashKey", "9"}});
  EXPECT_EQ(summary("s").at("OpenShardCount"), 4);
}

TEST_F(DescribeStreamSummaryTest, TheRecordSizeIsOneMebibyteUnlessTheStreamSaysMore) {
  create_stream("s", 1);
  create_stream("large", 1, {{"MaxRecordSizeInKiB", 10240}});
  EXPECT_EQ(summary("s").at("MaxRecordSizeInKiB"), 1024);
  EXPECT_EQ(summary("large").at("MaxRecordSizeInKiB"), 10240);
}

TEST_F(DescribeStreamSummaryTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(
      call("DescribeStreamSummary", {{"StreamName", "s"}}),
      RefusedAs("ResourceNotFoundException", "Stream s under account 123456789012 not found."));
}

TEST_F(DescribeStreamSummaryTest, AStreamMustBeNamed) {
  EXPECT_THAT(
      call("DescribeStreamSummary", Json::object()),
      RefusedAs("InvalidArgumentException", "Either StreamName or StreamARN must be provided."));
}

class CreatingSummaryTest : public DescribeStreamSummaryTest {
 protected:
  CreatingSummaryTest() : DescribeStreamSummaryTest({.delays = {.create = seconds(1)}}) {}
};

TEST_F(CreatingSummaryTest, ACreatingStreamHasNoOpenShards) {
  call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 3}});
  EXPECT_EQ(summary("s").at("OpenShardCount"), 0);
  advance(seconds(1));
  EXPECT_EQ(summary("s").at("OpenShardCount"), 3);
}

}  // namespace
}  // namespace hydrant::kinesis
