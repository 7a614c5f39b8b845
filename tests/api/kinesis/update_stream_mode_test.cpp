#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

class UpdateStreamModeTest : public KinesisTest {
 protected:
  UpdateStreamModeTest()
      : KinesisTest({.delays = {.update = seconds(1)},
                     .quotas = {.shards_large_region = 5, .on_demand_streams = 1}}) {}

  Answer update(const std::string& mode, const Json& more = Json::object(),
                const std::string& stream = "s") {
    Json input = {{"StreamARN", arn(stream)}, {"StreamModeDetails", {{"StreamMode", mode}}}};
    input.update(more);
    return call("UpdateStreamMode", input);
  }
  Json summary() {
    return call("DescribeStreamSummary", {{"StreamName", "s"}})["StreamDescriptionSummary"];
  }
  Json mode() { return summary().at("StreamModeDetails").at("StreamMode"); }
  void commit() {
    call("UpdateAccountSettings",
         {{"MinimumThroughputBillingCommitment", {{"Status", "ENABLED"}}}});
  }
};

TEST_F(UpdateStreamModeTest, TheModeChangesWhenTheDelayHasPassedAndTheShardsStay) {
  create_stream("s", 2);
  const auto answer = update("ON_DEMAND");
  EXPECT_THAT(answer, Succeeded());
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(status("s"), "UPDATING");
  EXPECT_EQ(mode(), "PROVISIONED");
  settle("s");
  EXPECT_EQ(mode(), "ON_DEMAND");
  EXPECT_EQ(shards("s").size(), 2U);
}

TEST_F(UpdateStreamModeTest, AnOnDemandStreamBecomesProvisionedWithTheShardsItHas) {
  call("CreateStream", {{"StreamName", "s"}});
  ASSERT_THAT(update("PROVISIONED"), Succeeded());
  settle("s");
  EXPECT_EQ(mode(), "PROVISIONED");
  EXPECT_EQ(shards("s").size(), 4U);
}

TEST_F(UpdateStreamModeTest, TheModeItHasIsTaken) {
  create_stream("s", 1);
  EXPECT_THAT(update("PROVISIONED"), Succeeded());
}

TEST_F(UpdateStreamModeTest, AStreamThatIsUpdatingIsInUse) {
  create_stream("s", 1);
  update("ON_DEMAND");
  EXPECT_THAT(update("ON_DEMAND"),
              RefusedAs("ResourceInUseException",
                        "Stream s under account 123456789012 not ACTIVE, instead in state "
                        "UPDATING"));
}

TEST_F(UpdateStreamModeTest, TheQuotaOfOnDemandStreamsHolds) {
  call("CreateStream", {{"StreamName", "d"}});
  create_stream("s", 1);
  EXPECT_THAT(
      update("ON_DEMAND"),
      RefusedAs(
          "LimitExceededException",
          "This request would exceed the limit on the number of On-Demand streams for the account "
          "123456789012 in us-east-1. Current On-Demand streams count: 1. Limit: 1."));
}

TEST_F(UpdateStreamModeTest, TheQuotaOfShardsHolds) {
  create_stream("p", 2);
  call("CreateStream", {{"StreamName", "s"}});
  EXPECT_THAT(update("PROVISIONED"),
              RefusedAs("LimitExceededException",
                        testing::HasSubstr("Current shard count for the account: 2. Limit: 5. "
                                           "Number of additional shards that would have resulted "
                                           "from this request: 4.")));
}

TEST_F(UpdateStreamModeTest, WarmThroughputMakesShards) {
  commit();
  create_stream("s", 2);
  ASSERT_THAT(update("ON_DEMAND", {{"WarmThroughputMiBps", 7}}), Succeeded());
  settle("s");
  EXPECT_EQ(summary().at("OpenShardCount"), 7);
  EXPECT_EQ(summary().at("WarmThroughput"),
            Json::parse(R"({"TargetMiBps": 7, "CurrentMiBps": 7})"));
}

TEST_F(UpdateStreamModeTest, WarmThroughputNeedsOnDemandMode) {
  commit();
  create_stream("s", 1);
  EXPECT_THAT(update("PROVISIONED", {{"WarmThroughputMiBps", 7}}),
              RefusedAs("ValidationException",
                        "Request is invalid. Stream s under account 123456789012 is in "
                        "Provisioned mode; WarmThroughputMiBps needs On-Demand mode."));
}

TEST_F(UpdateStreamModeTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(update("ON_DEMAND"), RefusedAs("ResourceNotFoundException",
                                             "Stream s under account 123456789012 not found."));
}

}  // namespace
}  // namespace hydrant::kinesis
