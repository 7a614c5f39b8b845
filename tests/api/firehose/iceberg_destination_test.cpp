#include "support/firehose_destinations_test.h"

namespace hydrant::firehose {
namespace {

class IcebergDestinationTest : public FirehoseDestinationsTest {
 protected:
  static constexpr const char* kKind = "Iceberg";
};

TEST_F(IcebergDestinationTest, DefaultsAreShown) {
  ASSERT_TRUE(create_to(kKind));
  const Json shown = described(kKind);
  EXPECT_EQ(shown["BufferingHints"], Json({{"SizeInMBs", 5}, {"IntervalInSeconds", 300}}));
  EXPECT_EQ(shown["RetryOptions"], Json({{"DurationInSeconds", 300}}));
  EXPECT_EQ(shown["AppendOnly"], false);
  EXPECT_EQ(shown["S3BackupMode"], "FailedDataOnly");
}

TEST_F(IcebergDestinationTest, ThereIsOneTableUnlessSomethingRoutes) {
  const Json no_table{{"DestinationTableConfigurationList", nullptr}};
  expect_refused(kKind, no_table,
                 "A single default destination table configuration must be provided when both "
                 "Lambda and MetadataExtraction processors are not provided");
  Json routed = processing({processor(
      "MetadataExtraction", {parameter("MetadataExtractionQuery", "{destinationTableName: .t}"),
                             parameter("JsonParsingEngine", "JQ-1.6")})});
  routed.update(no_table);
  const auto created = create_to(kKind, routed);
  EXPECT_TRUE(created) << created.error();
}

TEST_F(IcebergDestinationTest, OnlyWhatFailsIsBackedUp) {
  const auto message = "S3BackupMode.AllData is not supported for Iceberg as destination.";
  expect_refused(kKind, {{"S3BackupMode", "AllData"}}, message);
  ASSERT_TRUE(create_to(kKind, {{"S3BackupMode", "FailedDataOnly"}}));
  EXPECT_THAT(update_to(kKind, {{"S3BackupMode", "AllData"}}),
              RefusedAs("InvalidArgumentException", message));
}

TEST_F(IcebergDestinationTest, ACatalogHasAnArn) {
  const auto fits = [this](const std::string& arn) {
    const auto created = create_to(kKind, {{"CatalogConfiguration", {{"CatalogARN", arn}}}}, "c");
    if (created) world.registry.remove({kTestAccount, kTestRegion, "c"});
    return created.has_value();
  };
  EXPECT_TRUE(fits("arn:aws:glue:us-east-1:123456789012:catalog/s3tablescatalog/bucket_1"));
  EXPECT_FALSE(fits("arn:aws:glue:us-east-1:123456789012:catalog/a/b/c"));
  EXPECT_FALSE(fits("arn:aws:glue:us-east-1:123456789012:database"));
}

}  // namespace
}  // namespace hydrant::firehose
