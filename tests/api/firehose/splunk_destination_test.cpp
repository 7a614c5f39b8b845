#include "support/firehose_destinations_test.h"

namespace hydrant::firehose {
namespace {

class SplunkDestinationTest : public FirehoseDestinationsTest {
 protected:
  static constexpr const char* kKind = "Splunk";
};

TEST_F(SplunkDestinationTest, DefaultsAreShownAndTheTokenToo) {
  ASSERT_TRUE(create_to(kKind));
  const Json shown = described(kKind);
  EXPECT_EQ(shown["HECToken"], "t");
  EXPECT_EQ(shown["HECAcknowledgmentTimeoutInSeconds"], 180);
  EXPECT_EQ(shown["BufferingHints"], Json({{"SizeInMBs", 5}, {"IntervalInSeconds", 60}}));
  EXPECT_EQ(shown["RetryOptions"], Json({{"DurationInSeconds", 300}}));
  EXPECT_EQ(shown["S3BackupMode"], "FailedEventsOnly");
}

TEST_F(SplunkDestinationTest, ItsEndpointIsHttps) {
  expect_refused(kKind, {{"HECEndpoint", "http://h:8088"}},
                 "Invalid HECEndpoint. Supported endpoint format is https://<domain>:<port>.");
}

TEST_F(SplunkDestinationTest, ItHasATokenOrASecret) {
  expect_refused(kKind, {{"HECToken", nullptr}}, "HECToken must be provided.");
  expect_refused(kKind,
                 {{"HECToken", nullptr}, {"SecretsManagerConfiguration", {{"Enabled", true}}}},
                 "Invalid secret ARN: null");
}

TEST_F(SplunkDestinationTest, HintsHaveTheirOwnBounds) {
  expect_invalid(kKind, {{"BufferingHints", {{"SizeInMBs", 5}, {"IntervalInSeconds", 61}}}},
                 "splunkDestinationConfiguration.bufferingHints.intervalInSeconds",
                 "must have value less than or equal to 60");
}

TEST_F(SplunkDestinationTest, AFunctionHasASmallerBufferAndTheRoleOfS3) {
  ASSERT_TRUE(create_to(kKind, processing({lambda()})));
  const Json shown = described(kKind)["ProcessingConfiguration"]["Processors"][0]["Parameters"];
  EXPECT_EQ(shown[2], parameter("RoleArn", kTestRole));
  EXPECT_EQ(shown[3], parameter("BufferSizeInMBs", "0.25"));
  EXPECT_EQ(shown[4], parameter("BufferIntervalInSeconds", "60"));
}

}  // namespace
}  // namespace hydrant::firehose
