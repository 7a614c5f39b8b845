#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using DescribeAccountSettingsTest = KinesisTest;

TEST_F(DescribeAccountSettingsTest, AnAccountHasNoCommitment) {
  EXPECT_EQ(call("DescribeAccountSettings", Json::object()).body,
            Json::parse(R"({"MinimumThroughputBillingCommitment": {"Status": "DISABLED"}})"));
}

TEST_F(DescribeAccountSettingsTest, ItAnswersAsTheUpdateDid) {
  const auto updated = call("UpdateAccountSettings",
                            {{"MinimumThroughputBillingCommitment", {{"Status", "ENABLED"}}}});
  EXPECT_EQ(call("DescribeAccountSettings", Json::object()).body, updated.body);
}

}  // namespace
}  // namespace hydrant::kinesis
