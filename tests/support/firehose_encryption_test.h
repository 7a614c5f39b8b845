// Encryption of delivery streams, with keys that refuse to work.
#pragma once
#include "support/firehose_test.h"

namespace hydrant::firehose {

class FirehoseEncryptionTest : public FirehoseTest {
 protected:
  using FirehoseTest::FirehoseTest;

  static constexpr const char* kKey = "arn:aws:kms:us-east-1:123456789012:key/k";

  Json encryption() { return describe("s1")["DeliveryStreamEncryptionConfiguration"]; }
  std::string status() { return encryption()["Status"].get<std::string>(); }
  static Json own_key() { return {{"KeyType", "CUSTOMER_MANAGED_CMK"}, {"KeyARN", kKey}}; }
  Result<Json> start() { return call_on("s1", "StartDeliveryStreamEncryption"); }
  Result<Json> start(const Json& key) {
    return call_on("s1", "StartDeliveryStreamEncryption",
                   {{"DeliveryStreamEncryptionConfigurationInput", key}});
  }
  Result<Json> stop() { return call_on("s1", "StopDeliveryStreamEncryption"); }
};

}  // namespace hydrant::firehose
