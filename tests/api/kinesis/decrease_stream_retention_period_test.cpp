#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

class DecreaseStreamRetentionPeriodTest : public KinesisTest {
 protected:
  DecreaseStreamRetentionPeriodTest() : KinesisTest({.delays = {.update = seconds(3)}}) {}
  void SetUp() override { create_stream("s", 1); }

  Answer change(const std::string& verb, int hours_wanted, const std::string& stream = "s") {
    return call(verb + "StreamRetentionPeriod",
                {{"StreamName", stream}, {"RetentionPeriodHours", hours_wanted}});
  }
  Answer decrease(int hours_wanted, const std::string& stream = "s") {
    return change("Decrease", hours_wanted, stream);
  }
  int period() {
    return call("DescribeStreamSummary", {{"StreamName", "s"}})["StreamDescriptionSummary"]
        .at("RetentionPeriodHours")
        .get<int>();
  }
};

TEST_F(DecreaseStreamRetentionPeriodTest, OlderRecordsCannotBeReadAnyMore) {
  change("Increase", 72);
  settle("s");
  put("s", record("old", "k"));
  advance(hours(30));
  put("s", record("new", "k"));
  EXPECT_THAT(decrease(24), Succeeded());
  EXPECT_EQ(drain("s", "0").size(), 2U);
  settle("s");
  EXPECT_EQ(period(), 24);
  EXPECT_EQ(drain("s", "0"), std::vector<std::string>{"new"});
}

TEST_F(DecreaseStreamRetentionPeriodTest, WhatIsDroppedFreesItsMemory) {
  change("Increase", 72);
  settle("s");
  put("s", record(std::string(10'000, 'x'), "k"));
  advance(hours(30));
  decrease(24);
  settle("s");
  EXPECT_EQ(memory.used(), 0);
}

// The timer that was armed for the longer period would come too late.
TEST_F(DecreaseStreamRetentionPeriodTest, RecordsThatComeLaterAreFreedByTheNewPeriod) {
  change("Increase", 8760);
  settle("s");
  put("s", record("a", "k"));
  decrease(24);
  settle("s");
  put("s", record("b", "k"));
  advance(hours(25));
  EXPECT_EQ(memory.used(), 0);
}

TEST_F(DecreaseStreamRetentionPeriodTest, ALongerPeriodIsTheOtherOperations) {
  EXPECT_THAT(decrease(25),
              RefusedAs("InvalidArgumentException",
                        "Requested retention period (25 hours) for stream s can not be longer than "
                        "existing retention period (24 hours). Use IncreaseRetentionPeriod API."));
}

TEST_F(DecreaseStreamRetentionPeriodTest, ADayIsTheLeast) {
  EXPECT_THAT(decrease(23),
              RefusedAs("InvalidArgumentException",
                        "Minimum allowed retention period is 24 hours. Requested retention period "
                        "(23 hours) is too short."));
}

TEST_F(DecreaseStreamRetentionPeriodTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(decrease(24, "none"), RefusedAs("ResourceNotFoundException",
                                              "Stream none under account 123456789012 not found."));
}

}  // namespace
}  // namespace hydrant::kinesis
