#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

class IncreaseStreamRetentionPeriodTest : public KinesisTest {
 protected:
  IncreaseStreamRetentionPeriodTest() : KinesisTest({.delays = {.update = seconds(3)}}) {}
  void SetUp() override { create_stream("s", 1); }

  Answer change(const std::string& verb, int hours_wanted, const std::string& stream = "s") {
    return call(verb + "StreamRetentionPeriod",
                {{"StreamName", stream}, {"RetentionPeriodHours", hours_wanted}});
  }
  Answer increase(int hours_wanted, const std::string& stream = "s") {
    return change("Increase", hours_wanted, stream);
  }
  int period() {
    return call("DescribeStreamSummary", {{"StreamName", "s"}})["StreamDescriptionSummary"]
        .at("RetentionPeriodHours")
        .get<int>();
  }
};

TEST_F(IncreaseStreamRetentionPeriodTest, TheStreamIsUpdatingUntilThePeriodIsInForce) {
  const auto answer = increase(48);
  EXPECT_THAT(answer, Succeeded());
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(status("s"), "UPDATING");
  EXPECT_EQ(period(), 24);
  advance(seconds(3));
  EXPECT_EQ(status("s"), "ACTIVE");
  EXPECT_EQ(period(), 48);
}

TEST_F(IncreaseStreamRetentionPeriodTest, RecordsLiveLonger) {
  increase(48);
  settle("s");
  put("s", record("a", "k"));
  advance(hours(47));
  EXPECT_EQ(drain("s", "0"), std::vector<std::string>{"a"});
  advance(hours(2));
  EXPECT_TRUE(drain("s", "0").empty());
}

TEST_F(IncreaseStreamRetentionPeriodTest, WhatHasAgedOutDoesNotComeBack) {
  put("s", record("old", "k"));
  advance(hours(24) - seconds(10));
  put("s", record("new", "k"));
  advance(seconds(20));
  EXPECT_EQ(drain("s", "0"), std::vector<std::string>{"new"});
  increase(48);
  settle("s");
  EXPECT_EQ(drain("s", "0"), std::vector<std::string>{"new"});
}

TEST_F(IncreaseStreamRetentionPeriodTest, TheStreamIsLookedUpBeforeThePeriod) {
  EXPECT_THAT(increase(23, "none"), RefusedAs("ResourceNotFoundException",
                                              "Stream none under account 123456789012 not found."));
  EXPECT_THAT(
      change("Decrease", 8761, "none"),
      RefusedAs("ResourceNotFoundException", "Stream none under account 123456789012 not found."));
}

TEST_F(IncreaseStreamRetentionPeriodTest, AShorterPeriodIsTheOtherOperations) {
  increase(48);
  settle("s");
  EXPECT_THAT(increase(47),
              RefusedAs("InvalidArgumentException",
                        "Requested retention period (47 hours) for stream s can not be shorter "
                        "than existing retention period (48 hours). Use DecreaseRetentionPeriod "
                        "API."));
}

TEST_F(IncreaseStreamRetentionPeriodTest, AYearIsTheMost) {
  EXPECT_THAT(increase(8760), Succeeded());
  EXPECT_THAT(increase(8761),
              RefusedAs("InvalidArgumentException",
                        "Maximum allowed retention period is 8760 hours. Requested retention "
                        "period (8761 hours) is too long."));
}

TEST_F(IncreaseStreamRetentionPeriodTest, TheSamePeriodChangesNothing) {
  EXPECT_THAT(increase(24), Succeeded());
  EXPECT_EQ(status("s"), "ACTIVE");
}

TEST_F(IncreaseStreamRetentionPeriodTest, AStreamThatIsUpdatingIsInUse) {
  increase(48);
  EXPECT_THAT(increase(72),
              RefusedAs("ResourceInUseException",
                        "Stream s under account 123456789012 not ACTIVE, instead in state "
                        "UPDATING"));
}

TEST_F(IncreaseStreamRetentionPeriodTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(increase(24, "none"), RefusedAs("ResourceNotFoundException",
                                              "Stream none under account 123456789012 not found."));
}

}  // namespace
}  // namespace hydrant::kinesis
