#include "support/consumer_test.h"

namespace hydrant::kinesis {
namespace {

class DeregisterStreamConsumerTest : public ConsumerTest {
 protected:
  DeregisterStreamConsumerTest() : ConsumerTest({.delays = {.consumer = seconds(5)}}) {}
  Answer deregister(const Json& which) { return call("DeregisterStreamConsumer", which); }
};

TEST_F(DeregisterStreamConsumerTest, TheConsumerIsDeletingAndThenGone) {
  const auto consumer = enrolled("c");
  advance(seconds(5));
  const auto answer = deregister({{"ConsumerARN", consumer}});
  EXPECT_THAT(answer, Succeeded());
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(status_of(consumer), "DELETING");
  advance(seconds(5));
  EXPECT_EQ(status_of(consumer), "(none)");
}

TEST_F(DeregisterStreamConsumerTest, ANameAndTheStreamNameItToo) {
  const auto consumer = enrolled("c");
  EXPECT_THAT(deregister({{"StreamARN", arn("s")}, {"ConsumerName", "c"}}), Succeeded());
  EXPECT_EQ(status_of(consumer), "DELETING");
}

TEST_F(DeregisterStreamConsumerTest, OneThatWasNeverActiveDoesNotBecomeIt) {
  const auto consumer = enrolled("c");
  advance(seconds(3));
  deregister({{"ConsumerARN", consumer}});
  advance(seconds(2));
  EXPECT_EQ(status_of(consumer), "DELETING");
}

TEST_F(DeregisterStreamConsumerTest, ItsNameIsFreeWhenItIsGone) {
  const auto consumer = enrolled("c");
  deregister({{"ConsumerARN", consumer}});
  EXPECT_EQ(enroll("c").status, 400);
  advance(seconds(5));
  EXPECT_EQ(enrolled("c"), arn("s") + "/consumer/c:1767225605");
}

TEST_F(DeregisterStreamConsumerTest, AnUnknownConsumerIsNotFound) {
  EXPECT_THAT(
      deregister({{"StreamARN", arn("s")}, {"ConsumerName", "c"}}),
      RefusedAs("ResourceNotFoundException", "Consumer c, account 123456789012 not found."));
}

}  // namespace
}  // namespace hydrant::kinesis
