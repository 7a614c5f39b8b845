#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;

class UpdateAccountSettingsTest : public KinesisTest {
 protected:
  Answer update(const std::string& status) {
    return call("UpdateAccountSettings",
                {{"MinimumThroughputBillingCommitment", {{"Status", status}}}});
  }
  Json commitment() {
    return call("DescribeAccountSettings", Json::object())["MinimumThroughputBillingCommitment"];
  }
};

TEST_F(UpdateAccountSettingsTest, ACommitmentBeginsAtOnceAndHoldsForADay) {
  const auto answer = update("ENABLED");
  ASSERT_THAT(answer, Succeeded());
  const auto& commitment = answer["MinimumThroughputBillingCommitment"];
  EXPECT_THAT(members_of(commitment), ElementsAre("EarliestAllowedEndAt", "StartedAt", "Status"));
  EXPECT_EQ(commitment.at("Status"), "ENABLED");
  EXPECT_EQ(commitment.at("StartedAt"), kStartSecond);
  EXPECT_EQ(commitment.at("EarliestAllowedEndAt"), kStartSecond + 86'400);
}

TEST_F(UpdateAccountSettingsTest, ItEndsByItselfIfItIsGivenUpEarly) {
  update("ENABLED");
  advance(hours(23));
  EXPECT_EQ(update("DISABLED")["MinimumThroughputBillingCommitment"].at("Status"),
            "ENABLED_UNTIL_EARLIEST_ALLOWED_END");
  advance(hours(1) - seconds(1));
  EXPECT_EQ(commitment().at("Status"), "ENABLED_UNTIL_EARLIEST_ALLOWED_END");
  advance(hours(3));
  EXPECT_EQ(commitment().at("Status"), "DISABLED");
  EXPECT_EQ(commitment().at("EndedAt"), kStartSecond + 86'400);
}

TEST_F(UpdateAccountSettingsTest, ItEndsAtOnceAfterTheDay) {
  update("ENABLED");
  advance(hours(25));
  const auto ended = update("DISABLED")["MinimumThroughputBillingCommitment"];
  EXPECT_EQ(ended.at("Status"), "DISABLED");
  EXPECT_EQ(ended.at("EndedAt"), kStartSecond + 25 * 3600);
}

TEST_F(UpdateAccountSettingsTest, OneThatIsAboutToEndMayGoOn) {
  update("ENABLED");
  update("DISABLED");
  advance(hours(1));
  const auto again = update("ENABLED")["MinimumThroughputBillingCommitment"];
  EXPECT_EQ(again.at("Status"), "ENABLED");
  EXPECT_EQ(again.at("StartedAt"), kStartSecond);
}

TEST_F(UpdateAccountSettingsTest, WhatItIsAlreadyItCannotBecome) {
  EXPECT_THAT(update("DISABLED"),
              RefusedAs("ValidationException",
                        "Request is invalid. MinimumThroughputBillingCommitment of the account "
                        "123456789012 in us-east-1 is in status DISABLED."));
  update("ENABLED");
  EXPECT_THAT(update("ENABLED"),
              RefusedAs("ValidationException", testing::EndsWith("is in status ENABLED.")));
}

TEST_F(UpdateAccountSettingsTest, OtherAccountsAndRegionsHaveTheirOwn) {
  update("ENABLED");
  for (const auto& [account, region] :
       {std::pair{"210987654321", kRegion}, std::pair{kAccount, "eu-west-1"}})
    EXPECT_EQ(call_as(account, region, "DescribeAccountSettings",
                      Json::object())["MinimumThroughputBillingCommitment"]
                  .at("Status"),
              "DISABLED");
}

TEST_F(UpdateAccountSettingsTest, ThereAreTwoStatusesToAskFor) {
  EXPECT_THAT(update("ENDED"),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value 'ENDED' at "
                        "'minimumThroughputBillingCommitment.status' failed to satisfy constraint: "
                        "Member must satisfy enum value set: [ENABLED, DISABLED]"));
}

}  // namespace
}  // namespace hydrant::kinesis
