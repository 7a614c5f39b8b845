#include "support/firehose_destinations_test.h"

namespace hydrant::firehose {
namespace {

class SnowflakeDestinationTest : public FirehoseDestinationsTest {
 protected:
  static constexpr const char* kKind = "Snowflake";
};

TEST_F(SnowflakeDestinationTest, DefaultsAreShownAndTheKeyIsNot) {
  ASSERT_TRUE(create_to(kKind));
  const Json shown = described(kKind);
  EXPECT_EQ(shown["BufferingHints"], Json({{"SizeInMBs", 128}, {"IntervalInSeconds", 0}}));
  EXPECT_EQ(shown["RetryOptions"], Json({{"DurationInSeconds", 60}}));
  EXPECT_EQ(shown["DataLoadingOption"], "JSON_MAPPING");
  EXPECT_EQ(shown["S3BackupMode"], "FailedDataOnly");
  EXPECT_EQ(shown["User"], "user");
  EXPECT_FALSE(shown.contains("PrivateKey"));
  EXPECT_FALSE(shown.contains("KeyPassphrase"));
}

TEST_F(SnowflakeDestinationTest, ItLogsInByKeyOrSecret) {
  expect_refused(kKind, {{"User", nullptr}}, "User must be provided.");
  expect_refused(kKind, {{"PrivateKey", nullptr}}, "PrivateKey must be provided.");
  EXPECT_TRUE(create_to(
      kKind, {{"User", nullptr},
              {"PrivateKey", nullptr},
              {"SecretsManagerConfiguration", {{"Enabled", true}, {"SecretARN", kSecret}}}}));
}

TEST_F(SnowflakeDestinationTest, ARoleThatIsEnabledIsNamed) {
  expect_refused(kKind, {{"SnowflakeRoleConfiguration", {{"Enabled", true}}}},
                 "Must provide SnowflakeRole when SnowflakeRoleConfiguration is enabled.");
}

TEST_F(SnowflakeDestinationTest, ColumnsFitTheWayOfLoading) {
  expect_refused(kKind, {{"DataLoadingOption", "VARIANT_CONTENT_AND_METADATA_MAPPING"}},
                 "Must provide ContentColumnName and MetadataColumnName when Data Loading Option "
                 "is VARIANT_CONTENT_AND_METADATA_MAPPING.");
  expect_refused(kKind, {{"ContentColumnName", "c"}},
                 "Can't configure ContentColumnName when Data Loading Option is not "
                 "VARIANT_CONTENT_MAPPING or VARIANT_CONTENT_AND_METADATA_MAPPING");
  EXPECT_TRUE(create_to(
      kKind, {{"DataLoadingOption", "VARIANT_CONTENT_MAPPING"}, {"ContentColumnName", "c"}}));
}

}  // namespace
}  // namespace hydrant::firehose
