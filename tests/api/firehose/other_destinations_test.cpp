// What all destinations other than S3 have in common.
#include "support/firehose_destinations_test.h"

namespace hydrant::firehose {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::StartsWith;

class OtherDestinationsTest : public FirehoseDestinationsTest,
                              public ::testing::WithParamInterface<const char*> {};

TEST_P(OtherDestinationsTest, ItIsActiveAndShownWithItsPlaceInS3) {
  const auto created = create_to(GetParam());
  ASSERT_TRUE(created) << created.error();
  EXPECT_EQ(describe("s1")["DeliveryStreamStatus"], "ACTIVE");
  const Json shown = described(GetParam());
  EXPECT_EQ(shown["S3DestinationDescription"]["BufferingHints"],
            Json({{"SizeInMBs", 5}, {"IntervalInSeconds", 300}}));
  EXPECT_EQ(shown["S3DestinationDescription"]["CompressionFormat"], "UNCOMPRESSED");
  EXPECT_EQ(shown["CloudWatchLoggingOptions"], Json({{"Enabled", false}}));
  EXPECT_FALSE(shown.contains("S3Configuration"));
  EXPECT_FALSE(shown.contains("ProcessingConfiguration"));
}

TEST_P(OtherDestinationsTest, ItsRecordsAreNotLost) {
  ASSERT_TRUE(create_to(GetParam(), {{"S3Configuration", s3({{"Prefix", "p/"}})}}));
  ASSERT_TRUE(put("s1", "abc"));
  advance(300s);
  EXPECT_THAT(world.sink.objects(), ElementsAre(Pair(StartsWith("results/p/2026"), "abc")));
}

TEST_P(OtherDestinationsTest, ItIsAGap) {
  ASSERT_TRUE(create_to(GetParam()));
  const std::string member = GetParam() + std::string("DestinationConfiguration");
  EXPECT_THAT(world.gaps.noted, Contains("CreateDeliveryStream s1: " + member));
  world.gaps.strict = true;
  EXPECT_THAT(create_to(GetParam(), Json::object(), "s2"),
              RefusedAs("InvalidArgumentException", "refused: " + member));
}

TEST_P(OtherDestinationsTest, ItNeedsAPlaceInS3) {
  std::string path = GetParam() + std::string("DestinationConfiguration.s3Configuration");
  path[0] = static_cast<char>(path[0] - 'A' + 'a');
  expect_invalid(GetParam(), {{"S3Configuration", nullptr}}, path, "must not be null");
}

TEST_P(OtherDestinationsTest, ItsPlaceInS3KeepsTheRulesOfS3) {
  expect_refused(GetParam(), {{"S3Configuration", s3({{"BufferingHints", {{"SizeInMBs", 3}}}})}},
                 "If you specify a value for SizeInMBs, you must also specify a value for "
                 "IntervalInSeconds, and vice versa.");
  expect_refused(GetParam(),
                 {{"S3Configuration", s3({{"EncryptionConfiguration", Json::object()}})}},
                 "Exactly one of NoEncryptionConfig or KMSEncryptionConfig must be specified");
}

TEST_P(OtherDestinationsTest, ItsProcessorsKeepTheirRules) {
  expect_refused(GetParam(), processing({processor("Lambda")}),
                 "LambdaArn is required when Lambda processor is used.");
}

TEST_P(OtherDestinationsTest, AnUpdateLeavesWhatItDoesNotName) {
  ASSERT_TRUE(create_to(GetParam(), {{"S3Configuration", s3({{"Prefix", "p/"}})}}));
  Json before = described(GetParam());
  const auto updated = update_to(GetParam(), {{"RetryOptions", {{"DurationInSeconds", 7}}}});
  ASSERT_TRUE(updated) << updated.error();
  before["RetryOptions"]["DurationInSeconds"] = 7;
  EXPECT_EQ(described(GetParam()), before);
  EXPECT_EQ(describe("s1")["VersionId"], "2");
}

INSTANTIATE_TEST_SUITE_P(Kinds, OtherDestinationsTest,
                         ::testing::Values("Redshift", "Elasticsearch", "Amazonopensearchservice",
                                           "AmazonOpenSearchServerless", "Splunk", "HttpEndpoint",
                                           "Snowflake", "Iceberg"),
                         [](const auto& each) { return std::string(each.param); });

class DestinationTypeTest : public FirehoseDestinationsTest {};

TEST_F(DestinationTypeTest, ASecretIsOfTheRegion) {
  constexpr auto kForeign = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:login-AbCdEf";
  Json secrets{{"Enabled", true}, {"SecretARN", kForeign}};
  for (const auto* kind : {"Redshift", "Splunk", "HttpEndpoint", "Snowflake"}) {
    expect_refused(kind, {{"SecretsManagerConfiguration", secrets}},
                   "Cross-region secrets are not allowed. Please provide a secret in the same "
                   "region as firehose");
  }
  secrets["Enabled"] = false;
  EXPECT_TRUE(create_to("Splunk", {{"SecretsManagerConfiguration", secrets}}));
}

TEST_F(DestinationTypeTest, OnlySomeCanBeLeftOrEntered) {
  const auto refusal = [](const std::string& kind) {
    return RefusedAs("InvalidArgumentException", "Changing the destination type to or from " +
                                                     kind + " is not supported at this time.");
  };
  ASSERT_TRUE(create_to("Elasticsearch"));
  EXPECT_THAT(update_to("ExtendedS3", s3()), refusal("Elasticsearch"));
  EXPECT_THAT(update_to("HttpEndpoint", Json::object()), refusal("HttpEndpoint"));
}

TEST_F(DestinationTypeTest, AnotherTypeHasToBeToldCompletely) {
  ASSERT_TRUE(create("s1", {{"Prefix", "old/"}}));
  Json changes = least("Splunk");
  changes.erase("S3Configuration");
  EXPECT_THAT(update_to("Splunk", changes),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value at "
                        "'splunkDestinationUpdate.s3Update' failed to satisfy constraint: "
                        "Member must not be null"));
  changes["S3Update"] = s3();
  const auto updated = update_to("Splunk", changes);
  ASSERT_TRUE(updated) << updated.error();
  EXPECT_FALSE(described("Splunk")["S3DestinationDescription"].contains("Prefix"));
  EXPECT_FALSE(describe("s1")["Destinations"][0].contains("S3DestinationDescription"));
  ASSERT_TRUE(update_to("ExtendedS3", s3(), "2"));
  EXPECT_TRUE(describe("s1")["Destinations"][0].contains("S3DestinationDescription"));
}

TEST_F(DestinationTypeTest, WhatItLacksIsNamedAsInAnUpdate) {
  ASSERT_TRUE(create_to("Splunk"));
  EXPECT_THAT(update_to("ExtendedS3", s3({{"S3BackupUpdate", {{"RoleARN", kTestRole}}}})),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value at "
                        "'extendedS3DestinationUpdate.s3BackupUpdate.bucketARN' failed to satisfy "
                        "constraint: Member must not be null"));
  const auto place = s3({{"S3BackupMode", "Enabled"}, {"S3BackupUpdate", s3()}});
  const auto updated = update_to("ExtendedS3", place);
  ASSERT_TRUE(updated) << updated.error();
  EXPECT_TRUE(settings("s1").backup);
}

TEST_F(DestinationTypeTest, HintsThatSayNothingChangeNothing) {
  const Json hints{{"SizeInMBs", 10}, {"IntervalInSeconds", 100}};
  ASSERT_TRUE(create_to("HttpEndpoint", {{"BufferingHints", hints},
                                         {"S3Configuration", s3({{"BufferingHints", hints}})}}));
  const Json none{{"BufferingHints", Json::object()}};
  Json changes = none;
  changes["S3Update"] = none;
  ASSERT_TRUE(update_to("HttpEndpoint", changes));
  const Json shown = described("HttpEndpoint");
  EXPECT_EQ(shown["BufferingHints"], hints);
  EXPECT_EQ(shown["S3DestinationDescription"]["BufferingHints"], hints);
}

TEST_F(DestinationTypeTest, TheirPlacesInS3AreMerged) {
  ASSERT_TRUE(create_to("Splunk", {{"S3Configuration", s3({{"Prefix", "p/"}})}}));
  ASSERT_TRUE(update_to("Splunk", {{"S3Update", {{"CompressionFormat", "GZIP"}}}}));
  const Json place = described("Splunk")["S3DestinationDescription"];
  EXPECT_EQ(place["Prefix"], "p/");
  EXPECT_EQ(place["CompressionFormat"], "GZIP");
  EXPECT_EQ(settings("s1").compression, delivery::Compression::gzip);
}

TEST_F(DestinationTypeTest, TheirProcessorsRun) {
  ASSERT_TRUE(create_to("Snowflake", processing({lambda()})));
  const auto given = settings("s1").processing.lambda;
  ASSERT_TRUE(given);
  EXPECT_EQ(given->buffer_size_mb, 0.25);
  EXPECT_EQ(given->buffer_interval_s, 30);
  EXPECT_EQ(given->role_arn, kTestRole);
}

TEST_F(DestinationTypeTest, ALargerBackupStays) {
  ASSERT_TRUE(create_to("HttpEndpoint", {{"S3BackupMode", "AllData"}}));
  EXPECT_THAT(update_to("HttpEndpoint", {{"S3BackupMode", "FailedDataOnly"}}),
              RefusedAs("InvalidArgumentException",
                        "S3BackupMode cannot be changed from AllData to FailedDataOnly."));
}

}  // namespace
}  // namespace hydrant::firehose
