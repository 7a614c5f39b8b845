// Keys that refuse to work, in the words of KMS.
#include "services/kinesis/kms_keys.h"

#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

constexpr const char* kKey = "arn:aws:kms:us-east-1:123456789012:key/k";

class KmsKeysTest : public KinesisTest {
 protected:
  KmsKeysTest()
      : guarded_({registry, clock, tokens, gaps, {}, nullptr, nullptr, &keys_}),
        front_({kAccount, kRegion}, {&guarded_}, random, Logger::silent()) {}
  void SetUp() override {
    create_stream("s", 1);
    put("s", record("a", "k"));
    iterator_ = iterator("s", "0");
    call("StartStreamEncryption",
         {{"StreamName", "s"}, {"EncryptionType", "KMS"}, {"KeyId", kKey}});
  }
  Answer ask(const std::string& operation, const Json& input) {
    return send_to(front_, request_of(operation, input.dump()));
  }
  Answer put_guarded() {
    return ask("PutRecord", {{"StreamName", "s"}, {"PartitionKey", "k"}, {"Data", ""}});
  }

  aws::KmsKeys keys_;
  Service guarded_;
  aws::Dispatcher front_;
  std::string iterator_;
};

TEST_F(KmsKeysTest, AKeyOfWhichNothingIsSaidWorks) {
  EXPECT_THAT(put_guarded(), Succeeded());
  EXPECT_THAT(ask("GetRecords", {{"ShardIterator", iterator_}}), Succeeded());
}

TEST_F(KmsKeysTest, ADeniedCallerIsTold) {
  keys_[kKey] = {aws::KmsKeyState::access_denied};
  const auto denied = [](const std::string& action) {
    return "User: arn:aws:sts::123456789012:assumed-role/hydrant/hydrant is not authorized to "
           "perform: kms:" +
           action + " on resource: " + kKey +
           " because no identity-based policy allows the kms:" + action + " action";
  };
  EXPECT_THAT(put_guarded(), RefusedAs("KMSAccessDeniedException", denied("GenerateDataKey")));
  EXPECT_THAT(ask("PutRecords", {{"StreamName", "s"}, {"Records", {record("a", "k")}}}),
              RefusedAs("KMSAccessDeniedException", denied("GenerateDataKey")));
  EXPECT_THAT(ask("GetRecords", {{"ShardIterator", iterator_}}),
              RefusedAs("KMSAccessDeniedException", denied("Decrypt")));
}

TEST_F(KmsKeysTest, EveryStateHasItsError) {
  const std::pair<const char*, const char*> kErrors[] = {
      {"Disabled", "KMSDisabledException"},
      {"InvalidState", "KMSInvalidStateException"},
      {"NotFound", "KMSNotFoundException"},
      {"OptInRequired", "KMSOptInRequired"},
      {"Throttled", "KMSThrottlingException"}};
  for (const auto& [word, error] : kErrors) {
    keys_[kKey] = {aws::kms_key_state_of(word).value()};
    EXPECT_EQ(put_guarded()["__type"], error);
  }
  EXPECT_EQ(aws::kms_key_state_of("Broken"), std::nullopt);
}

TEST_F(KmsKeysTest, AStreamThatIsNotEncryptedNeedsNoKey) {
  keys_[kKey] = {aws::KmsKeyState::disabled};
  call("StopStreamEncryption", {{"StreamName", "s"}, {"EncryptionType", "KMS"}, {"KeyId", kKey}});
  EXPECT_THAT(put_guarded(), Succeeded());
}

}  // namespace
}  // namespace hydrant::kinesis
