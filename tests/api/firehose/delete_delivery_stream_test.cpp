#include "support/firehose_test.h"

namespace hydrant::firehose {
namespace {

class DeleteDeliveryStreamTest : public FirehoseTest {
 protected:
  using FirehoseTest::FirehoseTest;
  Result<Json> remove(const std::string& name) {
    return call("DeleteDeliveryStream", {{"DeliveryStreamName", name}});
  }
};

TEST_F(DeleteDeliveryStreamTest, ADeletedDeliveryStreamIsGoneAndItsNameFree) {
  ASSERT_TRUE(create("logs"));
  const auto reply = remove("logs");
  ASSERT_TRUE(reply) << reply.error();
  EXPECT_EQ(*reply, Json::object());
  EXPECT_THAT(remove("logs"), RefusedAs("ResourceNotFoundException",
                                        "Firehose logs under account 123456789012 not found."));
  EXPECT_TRUE(create("logs"));
}

TEST_F(DeleteDeliveryStreamTest, WhatIsBufferedIsDiscarded) {
  ASSERT_TRUE(create("logs"));
  ASSERT_TRUE(call("PutRecord", {{"DeliveryStreamName", "logs"}, {"Record", record("x")}}));
  ASSERT_TRUE(remove("logs"));
  advance(900s);
  EXPECT_TRUE(world.sink.objects().empty());
  EXPECT_EQ(world.memory.used(), 0);
}

TEST_F(DeleteDeliveryStreamTest, ForceIsTaken) {
  ASSERT_TRUE(create("logs"));
  EXPECT_TRUE(
      call("DeleteDeliveryStream", {{"DeliveryStreamName", "logs"}, {"AllowForceDelete", true}}));
}

class DeleteWhileCreatingTest : public DeleteDeliveryStreamTest {
 protected:
  DeleteWhileCreatingTest() : DeleteDeliveryStreamTest({.create_delay = 1s}) {}
};

TEST_F(DeleteWhileCreatingTest, ADeliveryStreamIsInUseUntilItIsActive) {
  ASSERT_TRUE(create("logs"));
  EXPECT_THAT(remove("logs"),
              RefusedAs("ResourceInUseException",
                        "Firehose logs under accountId 123456789012 is in CREATING state and "
                        "cannot be deleted"));
  advance(1s);
  EXPECT_TRUE(remove("logs"));
}

}  // namespace
}  // namespace hydrant::firehose
