// What the engine is told of a destination in S3.
#include "support/firehose_test.h"

namespace hydrant::firehose {
namespace {

using delivery::Compression;

class DestinationSettingsTest : public FirehoseTest {
 protected:
  delivery::S3Settings settings_with(Json more) {
    const std::string name = "s" + std::to_string(++count_);
    const auto created = create(name, more);
    EXPECT_TRUE(created) << created.error();
    return created ? settings(name) : delivery::S3Settings{};
  }
  // Dynamic partitioning by the key k that a function gives, with `more` processors.
  static Json partitioning(std::vector<Json> more) {
    more.push_back(lambda());
    Json members = processing(more);
    members["DynamicPartitioningConfiguration"] = {{"Enabled", true},
                                                   {"RetryOptions", {{"DurationInSeconds", 7}}}};
    members["BufferingHints"] = {{"SizeInMBs", 64}, {"IntervalInSeconds", 60}};
    members["Prefix"] = "p/!{partitionKeyFromLambda:k}/!{partitionKeyFromQuery:a}/";
    members["ErrorOutputPrefix"] = "e/!{firehose:error-output-type}/";
    const auto query =
        processor("MetadataExtraction", {parameter("MetadataExtractionQuery", "{a: .a}"),
                                         parameter("JsonParsingEngine", "JQ-1.6")});
    members["ProcessingConfiguration"]["Processors"].push_back(query);
    return members;
  }

 private:
  int count_ = 0;
};

TEST_F(DestinationSettingsTest, EveryCompressionIsMeantByItsName) {
  const std::pair<const char*, Compression> formats[] = {
      {"UNCOMPRESSED", Compression::uncompressed},
      {"GZIP", Compression::gzip},
      {"ZIP", Compression::zip},
      {"Snappy", Compression::snappy},
      {"HADOOP_SNAPPY", Compression::hadoop_snappy}};
  for (const auto& [name, compression] : formats)
    EXPECT_EQ(settings_with({{"CompressionFormat", name}}).compression, compression) << name;
}

TEST_F(DestinationSettingsTest, ATimeZoneIsUtcUnlessOneIsNamed) {
  EXPECT_EQ(settings_with(Json::object()).custom_time_zone, "UTC");
  EXPECT_EQ(settings_with({{"CustomTimeZone", ""}}).custom_time_zone, "UTC");
  EXPECT_EQ(settings_with({{"CustomTimeZone", "Asia/Calcutta"}}).custom_time_zone, "Asia/Calcutta");
}

TEST_F(DestinationSettingsTest, LoggingHasItsNames) {
  EXPECT_FALSE(settings_with(Json::object()).logging.enabled);
  const auto logging =
      settings_with({{"CloudWatchLoggingOptions",
                      {{"Enabled", true}, {"LogGroupName", "group"}, {"LogStreamName", "stream"}}}})
          .logging;
  EXPECT_TRUE(logging.enabled);
  EXPECT_EQ(logging.log_group, "group");
  EXPECT_EQ(logging.log_stream, "stream");
}

TEST_F(DestinationSettingsTest, ABackupIsThereWhenItIsEnabled) {
  Json more{{"S3BackupMode", "Disabled"},
            {"S3BackupConfiguration",
             {{"RoleARN", kTestRole},
              {"BucketARN", "arn:aws:s3:::originals"},
              {"Prefix", "source_records/"},
              {"CompressionFormat", "GZIP"}}}};
  EXPECT_FALSE(settings_with(more).backup);
  more["S3BackupMode"] = "Enabled";
  const auto backup = settings_with(more).backup;
  ASSERT_TRUE(backup);
  EXPECT_EQ(backup->bucket, "originals");
  EXPECT_EQ(backup->prefix, "source_records/");
  EXPECT_EQ(backup->compression, Compression::gzip);
  EXPECT_EQ(backup->buffering_interval_s, 300);
}

TEST_F(DestinationSettingsTest, PartitioningHasItsRetriesAndItsQuery) {
  const auto given = settings_with(partitioning({}));
  ASSERT_TRUE(given.dynamic_partitioning);
  EXPECT_EQ(given.dynamic_partitioning->retry_duration_s, 7);
  EXPECT_FALSE(given.dynamic_partitioning->lenient);
  EXPECT_EQ(given.processing.metadata_extraction_query, "{a: .a}");
}

TEST_F(DestinationSettingsTest, RecordsAreTakenApartAsTheProcessorSays) {
  using Type = delivery::DeAggregationSettings::Type;
  const auto json = settings_with(
      partitioning({processor("RecordDeAggregation", {parameter("SubRecordType", "JSON")})}));
  EXPECT_EQ(json.processing.de_aggregation->type, Type::json);
  const auto delimited = settings_with(
      partitioning({processor("RecordDeAggregation", {parameter("SubRecordType", "DELIMITED"),
                                                      parameter("Delimiter", "IyMjIw==")})}));
  EXPECT_EQ(delimited.processing.de_aggregation->type, Type::delimited);
  EXPECT_EQ(delimited.processing.de_aggregation->delimiter, "####");
}

TEST_F(DestinationSettingsTest, MessagesAreTakenOutOfLogsWhenThatIsAskedFor) {
  const auto of = [this](const std::vector<Json>& parameters) {
    return settings_with(
               processing({processor("Decompression", {parameter("CompressionFormat", "GZIP")}),
                           processor("CloudWatchLogProcessing", parameters)}))
        .processing;
  };
  EXPECT_TRUE(of({parameter("DataMessageExtraction", "false")}).decompression);
  EXPECT_TRUE(of({parameter("DataMessageExtraction", "True")}).cloud_watch_log_messages);
  EXPECT_FALSE(of({parameter("DataMessageExtraction", "false")}).cloud_watch_log_messages);
}

TEST_F(DestinationSettingsTest, DisabledProcessorsDoNothing) {
  Json more = processing({lambda(), processor("AppendDelimiterToRecord")});
  more["ProcessingConfiguration"]["Enabled"] = false;
  EXPECT_EQ(settings_with(more).processing, delivery::ProcessingSettings{});
}

}  // namespace
}  // namespace hydrant::firehose
