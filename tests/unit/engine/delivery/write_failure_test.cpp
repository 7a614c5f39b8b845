// What happens while a bucket cannot be written: nothing is lost, nothing is overtaken.
#include "unit/engine/delivery/delivery_test.h"

namespace hydrant::delivery {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class WriteFailureTest : public DeliveryTest {
 protected:
  void SetUp() override {
    S3Settings s3;
    s3.buffering_interval_s = 10;
    create("logs", s3);
    sink.fail_with("the disk is full");
  }
};

TEST_F(WriteFailureTest, AWriteIsTriedAgainAfterOneTwoFourSeconds) {
  put("logs", {"a"});
  advance(10s);
  std::vector<int> attempts{sink.attempts()};
  for (const auto wait : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    advance(wait - 1ms);
    EXPECT_EQ(sink.attempts(), attempts.back());
    advance(1ms);
    attempts.push_back(sink.attempts());
  }
  EXPECT_THAT(attempts, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9));
}

TEST_F(WriteFailureTest, EveryAttemptHasTheSameKey) {
  put("logs", {"a"});
  advance(60s);
  ASSERT_THAT(sink.tried(), SizeIs(testing::Gt(3)));
  EXPECT_THAT(sink.tried(), Each(sink.tried()[0]));
}

TEST_F(WriteFailureTest, AllIsWrittenInOrderOnceTheDiskHasRoom) {
  for (const char* data : {"a", "b", "c"}) {
    put("logs", {data});
    advance(20s);
  }
  EXPECT_THAT(bodies(), IsEmpty());
  EXPECT_EQ(stream("logs")->state().write_error->text, "the disk is full");
  EXPECT_EQ(stream("logs")->state().objects_waiting, 3u);

  sink.fail_with(std::nullopt);
  advance(60s);
  EXPECT_THAT(bodies(), ElementsAre("a", "b", "c"));
  EXPECT_EQ(stream("logs")->state().write_error, std::nullopt);
}

TEST_F(WriteFailureTest, BackOffBeginsAnewForTheNextObject) {
  put("logs", {"a"});
  advance(5min);
  sink.fail_with(std::nullopt);
  advance(60s);
  sink.fail_with("the disk is full again");
  put("logs", {"b"});
  advance(10s);
  const int attempts = sink.attempts();
  advance(1s);
  EXPECT_EQ(sink.attempts(), attempts + 1);
}

TEST_F(WriteFailureTest, DirectPutDataIsGivenUpAfterADay) {
  put("logs", {"old"});
  advance(1h);
  put("logs", {"young"});
  advance(23h - 1s);
  EXPECT_EQ(counters("logs").discarded_records, 0u);
  advance(1s);
  EXPECT_EQ(counters("logs").discarded_records, 1u);
  EXPECT_EQ(counters("logs").discarded_bytes, 3u);

  sink.fail_with(std::nullopt);
  advance(60s);
  EXPECT_THAT(bodies(), ElementsAre("young"));
  EXPECT_EQ(memory.used(), 0);
}

TEST_F(WriteFailureTest, SuccessAndFailureAreCounted) {
  put("logs", {"a"});
  advance(11s);
  sink.fail_with(std::nullopt);
  advance(60s);
  EXPECT_EQ(counters("logs").delivery_to_s3_failure, 2u);
  EXPECT_EQ(counters("logs").delivery_to_s3_success, 1u);
}

}  // namespace
}  // namespace hydrant::delivery
