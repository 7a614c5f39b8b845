#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

class DescribeLimitsTest : public KinesisTest {
 protected:
  Json limits() { return call("DescribeLimits", Json::object()).body; }
};

TEST_F(DescribeLimitsTest, AnEmptyAccountHasTheQuotasOfItsRegion) {
  EXPECT_EQ(limits(), Json::parse(R"({"ShardLimit": 20000, "OpenShardCount": 0,
                                      "OnDemandStreamCount": 0, "OnDemandStreamCountLimit": 50})"));
  EXPECT_EQ(call_as(kAccount, "eu-north-1", "DescribeLimits", Json::object())["ShardLimit"], 6000);
}

TEST_F(DescribeLimitsTest, OnlyOpenShardsOfProvisionedStreamsCount) {
  create_stream("s", 2);
  call("UpdateShardCount",
       {{"StreamName", "s"}, {"TargetShardCount", 3}, {"ScalingType", "UNIFORM_SCALING"}});
  call("CreateStream", {{"StreamName", "d"}});
  EXPECT_EQ(limits().at("OpenShardCount"), 3);
  EXPECT_EQ(limits().at("OnDemandStreamCount"), 1);
}

TEST_F(DescribeLimitsTest, OtherAccountsAndRegionsCountForThemselves) {
  create_stream("s", 2);
  for (const auto& [account, region] :
       {std::pair{"210987654321", kRegion}, std::pair{kAccount, "eu-west-1"}})
    EXPECT_EQ(call_as(account, region, "DescribeLimits", Json::object())["OpenShardCount"], 0);
}

}  // namespace
}  // namespace hydrant::kinesis
