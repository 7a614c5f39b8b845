#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

class DisableEnhancedMonitoringTest : public KinesisTest {
 protected:
  void SetUp() override {
    create_stream("s", 1);
    call("EnableEnhancedMonitoring",
         {{"StreamName", "s"},
          {"ShardLevelMetrics", {"IncomingBytes", "OutgoingBytes", "IncomingRecords"}}});
  }
  Answer disable(const Json& metrics) {
    return call("DisableEnhancedMonitoring", {{"StreamName", "s"}, {"ShardLevelMetrics", metrics}});
  }
};

TEST_F(DisableEnhancedMonitoringTest, TellsWhatWasAndWhatWillBe) {
  EXPECT_EQ(
      disable({"IncomingRecords", "IteratorAgeMilliseconds"}).body,
      Json({{"StreamName", "s"},
            {"CurrentShardLevelMetrics", {"IncomingBytes", "IncomingRecords", "OutgoingBytes"}},
            {"DesiredShardLevelMetrics", {"IncomingBytes", "OutgoingBytes"}},
            {"StreamARN", arn("s")}}));
}

TEST_F(DisableEnhancedMonitoringTest, AllLeavesNone) {
  EXPECT_EQ(disable({"ALL"})["DesiredShardLevelMetrics"], Json::array());
}

TEST_F(DisableEnhancedMonitoringTest, AnUnknownStreamIsNotFound) {
  EXPECT_EQ(call("DisableEnhancedMonitoring",
                 {{"StreamName", "none"}, {"ShardLevelMetrics", {"ALL"}}})["__type"],
            "ResourceNotFoundException");
}

}  // namespace
}  // namespace hydrant::kinesis
