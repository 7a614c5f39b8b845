#include "support/firehose_encryption_test.h"

namespace hydrant::firehose {
namespace {

using aws::KmsKeyState;

class StartDeliveryStreamEncryptionTest : public FirehoseEncryptionTest {
 protected:
  StartDeliveryStreamEncryptionTest() : FirehoseEncryptionTest({.encryption_delay = 5s}) {}
  void SetUp() override { ASSERT_TRUE(create("s1")); }
};

TEST_F(StartDeliveryStreamEncryptionTest, TheStatusFollowsInItsTime) {
  const auto reply = start();
  ASSERT_TRUE(reply) << reply.error();
  EXPECT_EQ(*reply, Json::object());
  EXPECT_EQ(status(), "ENABLING");
  EXPECT_EQ((*put("s1"))["Encrypted"], false);
  advance(5s);
  EXPECT_EQ(status(), "ENABLED");
  EXPECT_EQ((*put("s1"))["Encrypted"], true);
  EXPECT_EQ(describe("s1")["VersionId"], "1");
  EXPECT_EQ(describe("s1")["DeliveryStreamStatus"], "ACTIVE");
}

TEST_F(StartDeliveryStreamEncryptionTest, OnlyAKeyOfTheCustomerIsNamed) {
  ASSERT_TRUE(start());
  advance(5s);
  EXPECT_EQ(encryption(), Json({{"KeyType", "AWS_OWNED_CMK"}, {"Status", "ENABLED"}}));
  ASSERT_TRUE(start(own_key()));
  advance(5s);
  EXPECT_EQ(encryption(),
            Json({{"KeyARN", kKey}, {"KeyType", "CUSTOMER_MANAGED_CMK"}, {"Status", "ENABLED"}}));
}

TEST_F(StartDeliveryStreamEncryptionTest, AKeyThatRefusesFailsBehindTheReply) {
  const std::pair<KmsKeyState, const char*> failures[] = {
      {KmsKeyState::access_denied, "KMS_ACCESS_DENIED"},
      {KmsKeyState::disabled, "DISABLED_KMS_KEY"},
      {KmsKeyState::invalid_state, "INVALID_KMS_KEY"},
      {KmsKeyState::not_found, "KMS_KEY_NOT_FOUND"},
      {KmsKeyState::opt_in_required, "KMS_OPT_IN_REQUIRED"},
      {KmsKeyState::throttled, "UNKNOWN_ERROR"}};
  for (const auto& [state, type] : failures) {
    world.kms_keys[kKey] = {state};
    ASSERT_TRUE(start(own_key()));
    EXPECT_EQ(status(), "ENABLING");
    advance(5s);
    EXPECT_EQ(status(), "ENABLING_FAILED");
    EXPECT_EQ(encryption()["FailureDescription"]["Type"], type);
  }
  world.kms_keys[kKey] = {KmsKeyState::disabled};
  ASSERT_TRUE(start(own_key()));
  advance(5s);
  EXPECT_EQ(encryption()["FailureDescription"]["Details"], std::string(kKey) + " is disabled.");
  EXPECT_EQ((*put("s1"))["Encrypted"], false);
  EXPECT_TRUE(start());
}

TEST_F(StartDeliveryStreamEncryptionTest, AChangeUnderWayEndsFirst) {
  ASSERT_TRUE(start());
  EXPECT_THAT(start(), RefusedAs("ResourceInUseException",
                                 "Firehose s1 under accountId 123456789012 is in ENABLING state "
                                 "and cannot be changed"));
}

TEST_F(StartDeliveryStreamEncryptionTest, AKeyGoesWithItsType) {
  EXPECT_THAT(start({{"KeyType", "CUSTOMER_MANAGED_CMK"}}),
              RefusedAs("InvalidArgumentException",
                        "KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK"));
  EXPECT_THAT(start({{"KeyType", "AWS_OWNED_CMK"}, {"KeyARN", kKey}}),
              RefusedAs("InvalidArgumentException",
                        "KeyARN cannot be specified when KeyType is AWS_OWNED_CMK"));
}

TEST_F(StartDeliveryStreamEncryptionTest, ItIsForDirectPut) {
  create_source();
  ASSERT_TRUE(call("CreateDeliveryStream", from_kinesis("k")));
  EXPECT_THAT(call_on("k", "StartDeliveryStreamEncryption"),
              RefusedAs("InvalidArgumentException",
                        "Server side encryption from firehose is only allowed for direct put "
                        "delivery streams and database as a source delivery streams"));
}

TEST_F(StartDeliveryStreamEncryptionTest, AnUnknownDeliveryStreamIsNotFound) {
  EXPECT_THAT(
      call_on("foo", "StartDeliveryStreamEncryption"),
      RefusedAs("ResourceNotFoundException", "Firehose foo under account 123456789012 not found."));
}

class EncryptedFromTheStartTest : public FirehoseEncryptionTest {
 protected:
  Result<Json> create_encrypted() {
    Json request = creation("s1");
    request["DeliveryStreamEncryptionConfigurationInput"] = own_key();
    return call("CreateDeliveryStream", request);
  }
};

TEST_F(EncryptedFromTheStartTest, ItIsEnabledWhenItIsActive) {
  ASSERT_TRUE(create_encrypted());
  EXPECT_EQ(status(), "ENABLED");
  EXPECT_EQ(encryption()["KeyARN"], kKey);
  EXPECT_EQ((*put("s1"))["Encrypted"], true);
}

TEST_F(EncryptedFromTheStartTest, AKeyThatRefusesFailsTheCreation) {
  world.kms_keys[kKey] = {KmsKeyState::disabled};
  ASSERT_TRUE(create_encrypted());
  const Json description = describe("s1");
  EXPECT_EQ(description["DeliveryStreamStatus"], "CREATING_FAILED");
  EXPECT_EQ(description["FailureDescription"]["Type"], "DISABLED_KMS_KEY");
  EXPECT_THAT(put("s1"), RefusedAs("ResourceNotFoundException",
                                   "Firehose s1 under account 123456789012 not found."));
  EXPECT_FALSE(create_encrypted());
  EXPECT_FALSE(update("s1", {{"Prefix", "p/"}}));
  EXPECT_TRUE(call_on("s1", "DeleteDeliveryStream"));
}

TEST_F(EncryptedFromTheStartTest, AKeyThatRefusesLaterRefusesPuts) {
  world.kms_keys[kKey] = {KmsKeyState::disabled, true};
  ASSERT_TRUE(create_encrypted());
  const auto refused = put("s1");
  EXPECT_THAT(refused,
              RefusedAs("InvalidKMSResourceException", std::string(kKey) + " is disabled."));
  EXPECT_EQ(refused.error().reason, "DisabledException");
  EXPECT_FALSE(call_on("s1", "PutRecordBatch", {{"Records", {record("a")}}}));
}

class EncryptionChangesTest : public FirehoseEncryptionTest {
 protected:
  EncryptionChangesTest() : FirehoseEncryptionTest({.limits_encryption_changes = true}) {}
  void SetUp() override { ASSERT_TRUE(create("s1")); }
};

TEST_F(EncryptionChangesTest, ThereAreTwentyFiveInADay) {
  for (int i = 0; i < 12; ++i) {
    ASSERT_TRUE(start());
    ASSERT_TRUE(stop());
  }
  ASSERT_TRUE(start());
  EXPECT_THAT(stop(), RefusedAs("LimitExceededException",
                                "Rate exceeded for Firehose s1 under account 123456789012."));
  advance(24h);
  EXPECT_TRUE(stop());
}

TEST_F(EncryptionChangesTest, OneTooManyIsNoGap) {
  for (int i = 0; i < 25; ++i) ASSERT_TRUE(start()) << i;
  EXPECT_FALSE(start());
  EXPECT_THAT(world.gaps.noted, testing::SizeIs(25));
}

}  // namespace
}  // namespace hydrant::firehose
