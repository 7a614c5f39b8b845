#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Json kAllMetrics = {"IncomingBytes",
                          "IncomingRecords",
                          "OutgoingBytes",
                          "OutgoingRecords",
                          "WriteProvisionedThroughputExceeded",
                          "ReadProvisionedThroughputExceeded",
                          "IteratorAgeMilliseconds"};

class EnableEnhancedMonitoringTest : public KinesisTest {
 protected:
  EnableEnhancedMonitoringTest() : KinesisTest({.delays = {.update = seconds(3)}}) {}
  void SetUp() override { create_stream("s", 1); }
  Answer enable(const Json& metrics) {
    return call("EnableEnhancedMonitoring", {{"StreamName", "s"}, {"ShardLevelMetrics", metrics}});
  }
};

TEST_F(EnableEnhancedMonitoringTest, TellsWhatWasAndWhatWillBe) {
  enable({"OutgoingBytes"});
  settle("s");
  EXPECT_EQ(enable({"IncomingBytes"}).body,
            Json({{"StreamName", "s"},
                  {"CurrentShardLevelMetrics", {"OutgoingBytes"}},
                  {"DesiredShardLevelMetrics", {"IncomingBytes", "OutgoingBytes"}},
                  {"StreamARN", arn("s")}}));
}

TEST_F(EnableEnhancedMonitoringTest, AllStandsForTheSeven) {
  EXPECT_EQ(enable({"ALL"})["DesiredShardLevelMetrics"], kAllMetrics);
}

TEST_F(EnableEnhancedMonitoringTest, TheDescriptionFollowsWhenTheStreamIsActiveAgain) {
  enable({"ALL"});
  const auto shown = [this] {
    return call("DescribeStream", {{"StreamName", "s"}})["StreamDescription"]
        .at("EnhancedMonitoring")
        .at(0)
        .at("ShardLevelMetrics");
  };
  EXPECT_EQ(status("s"), "UPDATING");
  EXPECT_EQ(shown(), Json::array());
  settle("s");
  EXPECT_EQ(shown(), kAllMetrics);
}

TEST_F(EnableEnhancedMonitoringTest, ThatNoMetricsArePublishedIsNoted) {
  enable({"ALL"});
  EXPECT_THAT(gaps.noted, ElementsAre("EnableEnhancedMonitoring s: ShardLevelMetrics"));
}

TEST_F(EnableEnhancedMonitoringTest, AnUnknownMetricIsRefused) {
  EXPECT_THAT(enable({"Nothing"}),
              RefusedAs("ValidationException", HasSubstr("at 'shardLevelMetrics' failed to satisfy "
                                                         "constraint: Member must satisfy "
                                                         "constraint: [Member must satisfy enum "
                                                         "value set: [IncomingBytes, ")));
}

TEST_F(EnableEnhancedMonitoringTest, AtLeastOneMetricIsNamed) {
  EXPECT_THAT(enable(Json::array()),
              RefusedAs("ValidationException",
                        HasSubstr("Member must have length greater than or equal to 1")));
}

}  // namespace
}  // namespace hydrant::kinesis
