#include "support/kinesis_test.h"

#include <algorithm>

namespace hydrant::kinesis {
namespace {

class UpdateStreamWarmThroughputTest : public KinesisTest {
 protected:
  UpdateStreamWarmThroughputTest() : KinesisTest({.delays = {.update = seconds(1)}}) {
    call("CreateStream", {{"StreamName", "d"}});
  }

  Answer update(int mibps, const std::string& stream = "d") {
    return call("UpdateStreamWarmThroughput",
                {{"StreamName", stream}, {"WarmThroughputMiBps", mibps}});
  }
  Json summary() {
    return call("DescribeStreamSummary", {{"StreamName", "d"}})["StreamDescriptionSummary"];
  }
  void commit() {
    call("UpdateAccountSettings",
         {{"MinimumThroughputBillingCommitment", {{"Status", "ENABLED"}}}});
  }
};

TEST_F(UpdateStreamWarmThroughputTest, TheReplySaysWhatItIsAndWhatItWillBe) {
  commit();
  EXPECT_EQ(update(10).body, Json::parse(R"({
      "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/d", "StreamName": "d",
      "WarmThroughput": {"TargetMiBps": 10, "CurrentMiBps": 4}})"));
  EXPECT_EQ(status("d"), "UPDATING");
  settle("d");
  EXPECT_EQ(summary().at("OpenShardCount"), 10);
}

TEST_F(UpdateStreamWarmThroughputTest, TheRingIsCoveredAfterwards) {
  commit();
  update(11);
  settle("d");
  std::vector<std::pair<streams::HashKey, streams::HashKey>> ranges;
  for (const auto& shard : shards("d"))
    if (is_open(shard))
      ranges.emplace_back(*streams::HashKey::parse(
                              shard.at("HashKeyRange").at("StartingHashKey").get<std::string>()),
                          *streams::HashKey::parse(
                              shard.at("HashKeyRange").at("EndingHashKey").get<std::string>()));
  std::sort(ranges.begin(), ranges.end());
  ASSERT_EQ(ranges.size(), 11U);
  EXPECT_EQ(ranges.front().first, streams::HashKey());
  EXPECT_EQ(ranges.back().second, streams::HashKey::max());
  for (std::size_t i = 1; i < ranges.size(); ++i)
    EXPECT_EQ(ranges[i].first, ranges[i - 1].second.next());
}

TEST_F(UpdateStreamWarmThroughputTest, LessThanThereIsChangesNoShard) {
  commit();
  update(2);
  settle("d");
  EXPECT_EQ(summary().at("OpenShardCount"), 4);
}

TEST_F(UpdateStreamWarmThroughputTest, TheAccountNeedsTheCommitment) {
  EXPECT_THAT(update(10),
              RefusedAs("ValidationException",
                        "Request is invalid. WarmThroughputMiBps needs the account 123456789012 to "
                        "have MinimumThroughputBillingCommitment enabled."));
}

TEST_F(UpdateStreamWarmThroughputTest, AProvisionedStreamHasNone) {
  commit();
  create_stream("s", 1);
  EXPECT_THAT(update(10, "s"),
              RefusedAs("ValidationException",
                        "Request is invalid. Stream s under account 123456789012 is in "
                        "Provisioned mode; WarmThroughputMiBps needs On-Demand mode."));
}

TEST_F(UpdateStreamWarmThroughputTest, TenGibibytesASecondAreTheMost) {
  commit();
  EXPECT_THAT(update(10'241),
              RefusedAs("ValidationException",
                        "Request is invalid. WarmThroughputMiBps 10241 is greater than 10240."));
}

TEST_F(UpdateStreamWarmThroughputTest, TheSummaryShowsItOnlyWhileTheCommitmentIsInForce) {
  EXPECT_FALSE(summary().contains("WarmThroughput"));
  commit();
  EXPECT_EQ(summary().at("WarmThroughput"),
            Json::parse(R"({"TargetMiBps": 4, "CurrentMiBps": 4})"));
}

TEST_F(UpdateStreamWarmThroughputTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(update(10, "none"), RefusedAs("ResourceNotFoundException",
                                            "Stream none under account 123456789012 not found."));
}

}  // namespace
}  // namespace hydrant::kinesis
