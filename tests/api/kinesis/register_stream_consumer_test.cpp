#include "support/consumer_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class RegisterStreamConsumerTest : public ConsumerTest {
 protected:
  using ConsumerTest::ConsumerTest;
};

TEST_F(RegisterStreamConsumerTest, TellsTheConsumer) {
  advance(milliseconds(700));
  const auto answer = enroll("c");
  ASSERT_THAT(answer, Succeeded());
  EXPECT_THAT(members_of(answer.body), ElementsAre("Consumer"));
  EXPECT_EQ(answer["Consumer"], Json({{"ConsumerName", "c"},
                                      {"ConsumerARN", arn("s") + "/consumer/c:1767225600"},
                                      {"ConsumerStatus", "CREATING"},
                                      {"ConsumerCreationTimestamp", 1'767'225'600}}));
}

TEST_F(RegisterStreamConsumerTest, ANameIsTakenOnce) {
  enroll("c");
  EXPECT_THAT(enroll("c"),
              RefusedAs("ResourceInUseException",
                        "Consumer c under stream s already exists for account 123456789012"));
}

TEST_F(RegisterStreamConsumerTest, NamesBelongToTheirStream) {
  create_stream("other", 1);
  enroll("c");
  EXPECT_THAT(enroll("c", "other"), Succeeded());
}

TEST_F(RegisterStreamConsumerTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(enroll("c", "none"), RefusedAs("ResourceNotFoundException",
                                             "Stream none under account 123456789012 not found."));
}

TEST_F(RegisterStreamConsumerTest, TwentyAreTheMost) {
  for (int i = 0; i < 20; ++i) ASSERT_THAT(enroll("c" + std::to_string(i)), Succeeded());
  EXPECT_THAT(enroll("c20"), RefusedAs("LimitExceededException", HasSubstr("Limit: 20")));
}

TEST_F(RegisterStreamConsumerTest, BothMembersAreNeeded) {
  EXPECT_THAT(call("RegisterStreamConsumer", Json::object()),
              RefusedAs("ValidationException", HasSubstr("2 validation errors detected")));
}

class SlowRegisterStreamConsumerTest : public ConsumerTest {
 protected:
  SlowRegisterStreamConsumerTest()
      : ConsumerTest({.delays = {.create = seconds(1), .consumer = seconds(5)}}) {}
};

TEST_F(SlowRegisterStreamConsumerTest, AConsumerIsCreatingFirst) {
  const auto consumer = enrolled("c");
  EXPECT_EQ(status_of(consumer), "CREATING");
  advance(seconds(5));
  EXPECT_EQ(status_of(consumer), "ACTIVE");
}

TEST_F(SlowRegisterStreamConsumerTest, FiveAtATimeAreCreated) {
  for (int i = 0; i < 5; ++i) ASSERT_THAT(enroll("c" + std::to_string(i)), Succeeded());
  EXPECT_THAT(enroll("c5"), RefusedAs("LimitExceededException", HasSubstr("CREATING state")));
  advance(seconds(5));
  EXPECT_THAT(enroll("c5"), Succeeded());
}

TEST_F(SlowRegisterStreamConsumerTest, TheStreamMustBeActive) {
  ASSERT_THAT(call("CreateStream", {{"StreamName", "new"}, {"ShardCount", 1}}), Succeeded());
  EXPECT_THAT(enroll("c", "new"),
              RefusedAs("ResourceInUseException",
                        "Stream new under account 123456789012 not ACTIVE, instead in state "
                        "CREATING"));
}

}  // namespace
}  // namespace hydrant::kinesis
