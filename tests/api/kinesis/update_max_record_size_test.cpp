#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::HasSubstr;

class UpdateMaxRecordSizeTest : public KinesisTest {
 protected:
  UpdateMaxRecordSizeTest()
      : KinesisTest({.delays = {.update = seconds(3)}, .throttle = {.enabled = true}}) {}
  void SetUp() override { create_stream("s", 1); }

  Answer resize(int kib) {
    return call("UpdateMaxRecordSize", {{"StreamARN", arn("s")}, {"MaxRecordSizeInKiB", kib}});
  }
  Answer put_kib(std::size_t kib) {
    return put("s", record(std::string(kib * 1024 - 1, 'x'), "k"));
  }
};

TEST_F(UpdateMaxRecordSizeTest, LargerRecordsAreTakenWhenItIsInForce) {
  const auto answer = resize(4096);
  EXPECT_THAT(answer, Succeeded());
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(status("s"), "UPDATING");
  EXPECT_EQ(put_kib(4096)["__type"], "InvalidArgumentException");
  settle("s");
  EXPECT_THAT(put_kib(4096), Succeeded());
}

// A record of 4 MiB takes what flows in during four seconds.
TEST_F(UpdateMaxRecordSizeTest, TheBucketHoldsTheLargestRecord) {
  resize(4096);
  settle("s");
  put_kib(4096);
  EXPECT_EQ(put_kib(1)["__type"], "ProvisionedThroughputExceededException");
  advance(seconds(4));
  EXPECT_THAT(put_kib(4096), Succeeded());
}

TEST_F(UpdateMaxRecordSizeTest, TheSummaryTellsIt) {
  resize(2048);
  settle("s");
  EXPECT_EQ(call("DescribeStreamSummary", {{"StreamName", "s"}})["StreamDescriptionSummary"].at(
                "MaxRecordSizeInKiB"),
            2048);
}

TEST_F(UpdateMaxRecordSizeTest, TheModelHasTheBounds) {
  EXPECT_THAT(resize(1023), RefusedAs("ValidationException", HasSubstr("greater than or equal to "
                                                                       "1024")));
  EXPECT_THAT(resize(10241), RefusedAs("ValidationException", HasSubstr("less than or equal to "
                                                                        "10240")));
}

TEST_F(UpdateMaxRecordSizeTest, TheStreamMustBeNamed) {
  EXPECT_EQ(call("UpdateMaxRecordSize", {{"MaxRecordSizeInKiB", 1024}})["__type"],
            "InvalidArgumentException");
}

}  // namespace
}  // namespace hydrant::kinesis
