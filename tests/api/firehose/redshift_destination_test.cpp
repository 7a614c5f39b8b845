#include "support/firehose_destinations_test.h"

namespace hydrant::firehose {
namespace {

class RedshiftDestinationTest : public FirehoseDestinationsTest {
 protected:
  static constexpr const char* kKind = "Redshift";
};

TEST_F(RedshiftDestinationTest, ItsDefaultsAreShownAndItsPasswordIsNot) {
  ASSERT_TRUE(create_to(kKind));
  const Json shown = described(kKind);
  EXPECT_EQ(shown["RetryOptions"], Json({{"DurationInSeconds", 3600}}));
  EXPECT_EQ(shown["S3BackupMode"], "Disabled");
  EXPECT_EQ(shown["Username"], "user");
  EXPECT_FALSE(shown.contains("Password"));
}

TEST_F(RedshiftDestinationTest, OnlySomeCompressionsCanBeCopied) {
  expect_refused(kKind, {{"S3Configuration", s3({{"CompressionFormat", "ZIP"}})}},
                 "Only the following compression formats are allowed when using Redshift: "
                 "[UNCOMPRESSED, GZIP]");
  EXPECT_TRUE(create_to(kKind, {{"S3Configuration", s3({{"CompressionFormat", "GZIP"}})}}));
}

TEST_F(RedshiftDestinationTest, ItLogsInByPasswordOrSecret) {
  expect_refused(kKind, {{"Password", nullptr}},
                 "Redshift Database Password is required for Redshift Destination");
  expect_refused(kKind, {{"SecretsManagerConfiguration", {{"Enabled", true}}}},
                 "Invalid secret ARN: null");
  EXPECT_TRUE(create_to(
      kKind, {{"Password", nullptr},
              {"Username", nullptr},
              {"SecretsManagerConfiguration", {{"Enabled", true}, {"SecretARN", kSecret}}}}));
}

TEST_F(RedshiftDestinationTest, ItsPrefixIsPlain) {
  const auto message =
      "The supplied prefix(es) do not satisfy the following constraint: Prefix Expressions or "
      "ErrorOutputPrefix is currently not supported for this destination";
  for (const auto* place : {"S3Configuration", "S3BackupConfiguration"})
    expect_refused(kKind, {{place, s3({{"Prefix", "p/!{timestamp:yyyy}/"}})}}, message);
  expect_refused(kKind, {{"S3Configuration", s3({{"ErrorOutputPrefix", "e/"}})}}, message);
  EXPECT_TRUE(create_to(kKind, {{"S3BackupConfiguration", s3({{"ErrorOutputPrefix", "e/"}})}}));
}

TEST_F(RedshiftDestinationTest, ItsSourceRecordsAreBackedUp) {
  expect_refused(kKind, {{"S3BackupMode", "Enabled"}},
                 "S3 backup destination configuration is required when enabling S3 backup.");
  ASSERT_TRUE(create_to(kKind, {{"S3BackupMode", "Enabled"},
                                {"S3BackupConfiguration", s3({{"Prefix", "source/"}})}}));
  EXPECT_EQ(described(kKind)["S3BackupDescription"]["Prefix"], "source/");
  ASSERT_TRUE(settings("s1").backup);
  EXPECT_EQ(settings("s1").backup->prefix, "source/");
}

TEST_F(RedshiftDestinationTest, AClusterHasAUrl) {
  const auto fits = [this](const std::string& url) {
    const auto created = create_to(kKind, {{"ClusterJDBCURL", url}}, "url");
    if (created) world.registry.remove({kTestAccount, kTestRegion, "url"});
    return created.has_value();
  };
  EXPECT_TRUE(fits("jdbc:postgresql://c.x1.eu-west-1.redshift.amazonaws.com:5439/dev_1$"));
  EXPECT_TRUE(fits("jdbc:redshift://w.1.us-east-1.redshift-serverless.amazonaws.com:5439/dev"));
  EXPECT_FALSE(fits("jdbc:redshift://redshift.amazonaws.com:5439/dev"));
  EXPECT_FALSE(fits("jdbc:redshift://c.redshift.amazonaws.com:543999/dev"));
  EXPECT_FALSE(fits("jdbc:redshift://c.redshift.amazonaws.com:5439/"));
  EXPECT_FALSE(fits("jdbc:redshift://-c.redshift.amazonaws.com:5439/dev"));
  EXPECT_FALSE(fits("jdbc:mysql://c.redshift.amazonaws.com:5439/dev"));
}

}  // namespace
}  // namespace hydrant::firehose
