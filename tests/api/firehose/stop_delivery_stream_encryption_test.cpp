#include "support/firehose_encryption_test.h"

namespace hydrant::firehose {
namespace {

class StopDeliveryStreamEncryptionTest : public FirehoseEncryptionTest {
 protected:
  StopDeliveryStreamEncryptionTest() : FirehoseEncryptionTest({.encryption_delay = 5s}) {}
  void SetUp() override { ASSERT_TRUE(create("s1")); }
};

TEST_F(StopDeliveryStreamEncryptionTest, TheStatusFollowsInItsTime) {
  ASSERT_TRUE(start());
  advance(5s);
  const auto reply = stop();
  ASSERT_TRUE(reply) << reply.error();
  EXPECT_EQ(*reply, Json::object());
  EXPECT_EQ(status(), "DISABLING");
  EXPECT_EQ((*put("s1"))["Encrypted"], false);
  advance(5s);
  EXPECT_EQ(encryption(), Json({{"Status", "DISABLED"}}));
}

TEST_F(StopDeliveryStreamEncryptionTest, WhatIsNotEncryptedStaysSo) {
  EXPECT_TRUE(stop());
  EXPECT_EQ(status(), "DISABLED");
}

TEST_F(StopDeliveryStreamEncryptionTest, AnUnknownDeliveryStreamIsNotFound) {
  EXPECT_THAT(
      call_on("foo", "StopDeliveryStreamEncryption"),
      RefusedAs("ResourceNotFoundException", "Firehose foo under account 123456789012 not found."));
}

}  // namespace
}  // namespace hydrant::firehose
