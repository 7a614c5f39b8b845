#include "support/firehose_destinations_test.h"

namespace hydrant::firehose {
namespace {

class HttpEndpointDestinationTest : public FirehoseDestinationsTest {
 protected:
  static constexpr const char* kKind = "HttpEndpoint";
};

TEST_F(HttpEndpointDestinationTest, DefaultsAreShownAndTheAccessKeyIsNot) {
  ASSERT_TRUE(create_to(kKind));
  const Json shown = described(kKind);
  EXPECT_EQ(shown["EndpointConfiguration"], Json({{"Url", "https://example.com"}}));
  EXPECT_EQ(shown["BufferingHints"], Json({{"SizeInMBs", 5}, {"IntervalInSeconds", 300}}));
  EXPECT_EQ(shown["RequestConfiguration"],
            Json({{"ContentEncoding", "NONE"}, {"CommonAttributes", Json::array()}}));
  EXPECT_EQ(shown["RetryOptions"], Json({{"DurationInSeconds", 300}}));
  EXPECT_EQ(shown["S3BackupMode"], "FailedDataOnly");
}

TEST_F(HttpEndpointDestinationTest, AnAttributeIsNamedOnce) {
  const Json attribute{{"AttributeName", "a"}, {"AttributeValue", "1"}};
  expect_refused(kKind, {{"RequestConfiguration", {{"CommonAttributes", {attribute, attribute}}}}},
                 "Http Endpoint Common Attributes have duplicate name a.");
}

TEST_F(HttpEndpointDestinationTest, HintsHaveTheirOwnBounds) {
  expect_invalid(kKind, {{"BufferingHints", {{"SizeInMBs", 65}, {"IntervalInSeconds", 60}}}},
                 "httpEndpointDestinationConfiguration.bufferingHints.sizeInMBs",
                 "must have value less than or equal to 64");
}

TEST_F(HttpEndpointDestinationTest, ItsEndpointIsHttps) {
  expect_invalid(kKind, {{"EndpointConfiguration", {{"Url", "http://example.com"}}}},
                 "httpEndpointDestinationConfiguration.endpointConfiguration.url",
                 "must satisfy regular expression pattern: https://.*");
}

}  // namespace
}  // namespace hydrant::firehose
