#include "support/firehose_test.h"

namespace hydrant::firehose {
namespace {

using ::testing::ElementsAre;

class CreateDeliveryStreamTest : public FirehoseTest {
 protected:
  using FirehoseTest::FirehoseTest;

  void expect_refused(const Json& more, const std::string& message) {
    EXPECT_THAT(create("s1", more), RefusedAs("InvalidArgumentException", message)) << more;
  }
  void expect_prefix_refused(const std::string& prefix, const std::string& error_output_prefix,
                             const std::string& rule) {
    expect_refused({{"Prefix", prefix}, {"ErrorOutputPrefix", error_output_prefix}},
                   "The supplied prefix(es) do not satisfy the following constraint: " + rule);
  }
};

TEST_F(CreateDeliveryStreamTest, TheReplyIsTheArn) {
  const auto reply = create("s1");
  ASSERT_TRUE(reply) << reply.error();
  EXPECT_EQ(
      *reply,
      Json({{"DeliveryStreamARN", "arn:aws:firehose:us-east-1:123456789012:deliverystream/s1"}}));
}

TEST_F(CreateDeliveryStreamTest, ANameCanBeTakenOnce) {
  ASSERT_TRUE(create("s1"));
  EXPECT_THAT(create("s1"), RefusedAs("ResourceInUseException",
                                      "Firehose s1 under accountId 123456789012 already exists"));
}

TEST_F(CreateDeliveryStreamTest, ThereIsExactlyOneDestination) {
  const auto message = "Exactly one destination configuration is supported for a Firehose";
  EXPECT_THAT(call("CreateDeliveryStream", {{"DeliveryStreamName", "s1"}}),
              RefusedAs("InvalidArgumentException", message));
  Json two = creation("s1");
  two["HttpEndpointDestinationConfiguration"] = {
      {"EndpointConfiguration", {{"Url", "https://example.com"}}},
      {"S3Configuration", {{"RoleARN", kTestRole}, {"BucketARN", kTestBucket}}}};
  EXPECT_THAT(call("CreateDeliveryStream", two), RefusedAs("InvalidArgumentException", message));
}

TEST_F(CreateDeliveryStreamTest, ASourceIsNeededWhereOneIsNamed) {
  Json request = creation("s1");
  request["DeliveryStreamType"] = "KinesisStreamAsSource";
  EXPECT_THAT(
      call("CreateDeliveryStream", request),
      RefusedAs("InvalidArgumentException",
                "KinesisSourceStreamConfig is mandatory for KinesisStreamAsSource stream type."));
}

TEST_F(CreateDeliveryStreamTest, TheSourceHasToExist) {
  EXPECT_THAT(call("CreateDeliveryStream", from_kinesis("s1")),
              RefusedAs("InvalidArgumentException",
                        "The source stream arn:aws:kinesis:us-east-1:123456789012:stream/clicks "
                        "does not exist."));
  create_source();
  EXPECT_TRUE(call("CreateDeliveryStream", from_kinesis("s1")));
}

TEST_F(CreateDeliveryStreamTest, ASourceIsIgnoredByDirectPut) {
  Json request = from_kinesis("s1");
  request["DeliveryStreamType"] = "DirectPut";
  ASSERT_TRUE(call("CreateDeliveryStream", request));
  EXPECT_FALSE(describe("s1").contains("Source"));
}

TEST_F(CreateDeliveryStreamTest, OtherSourcesAreRefused) {
  Json request = creation("s1");
  request["DeliveryStreamType"] = "MSKAsSource";
  EXPECT_THAT(call("CreateDeliveryStream", request),
              RefusedAs("InvalidArgumentException",
                        "MSKSourceConfig is mandatory for MSK as Source stream type."));
  request["DeliveryStreamType"] = "DatabaseAsSource";
  EXPECT_THAT(call("CreateDeliveryStream", request),
              RefusedAs("InvalidArgumentException",
                        "IcebergDestinationConfiguration must be specified for Database as "
                        "Source."));
}

TEST_F(CreateDeliveryStreamTest, HintsComeInPairs) {
  expect_refused({{"BufferingHints", {{"IntervalInSeconds", 60}}}},
                 "If you specify a value for IntervalInSeconds, you must also specify a value for "
                 "SizeInMBs, and vice versa.");
}

TEST_F(CreateDeliveryStreamTest, EncryptionIsEitherOr) {
  const auto message = "Exactly one of NoEncryptionConfig or KMSEncryptionConfig must be specified";
  expect_refused({{"EncryptionConfiguration", Json::object()}}, message);
  expect_refused(
      {{"EncryptionConfiguration",
        {{"NoEncryptionConfig", "NoEncryption"},
         {"KMSEncryptionConfig", {{"AWSKMSKeyARN", "arn:aws:kms:us-east-1:123456789012:key/1"}}}}}},
      message);
}

TEST_F(CreateDeliveryStreamTest, LoggingNeedsItsNames) {
  expect_refused({{"CloudWatchLoggingOptions", {{"Enabled", true}}}},
                 "CloudWatch Log Group Name is required if CloudWatch Logging is enabled");
  expect_refused({{"CloudWatchLoggingOptions", {{"Enabled", true}, {"LogGroupName", "g"}}}},
                 "CloudWatch Log Stream Name is required if CloudWatch Logging is enabled");
}

TEST_F(CreateDeliveryStreamTest, PrefixesKeepTheirRules) {
  expect_prefix_refused("p/!{firehose:error-output-type}/", "e/!{firehose:error-output-type}/",
                        "Prefix must not contain any occurrence of !{firehose:error-output-type}");
  expect_prefix_refused(
      "p/!{timestamp:yyyy}/", "",
      "ErrorOutputPrefix cannot be null or empty when Prefix contains expressions");
  expect_prefix_refused("p/!{timestamp:C}/", "e/!{firehose:error-output-type}/",
                        "Invalid conversion character used in the value of the expression in "
                        "Prefix");
  expect_prefix_refused(std::string(513, 'a'), "",
                        "Length of evaluated prefix cannot be greater than 512");
  expect_prefix_refused("my!{prefix/", "",
                        "Invalid expression usage: my!{prefix/.Must be of the form "
                        "!{<namespace>:<value>}");
}

TEST_F(CreateDeliveryStreamTest, ErrorOutputHasNoPartitionKeys) {
  for (const auto* name : {"partitionKeyFromQuery", "partitionKeyFromLambda"})
    expect_refused(
        {{"ErrorOutputPrefix", "e/!{" + std::string(name) + ":a}/!{firehose:error-output-type}/"}},
        "Dynamic Partitioning Namespaces can't be part of an error prefix expression");
}

TEST_F(CreateDeliveryStreamTest, PartitionKeysNeedPartitioning) {
  expect_refused({{"Prefix", "p/!{partitionKeyFromLambda:k}/"},
                  {"ErrorOutputPrefix", "e/!{firehose:error-output-type}/"}},
                 "Dynamic Partitioning Namespaces can only be part of a prefix expression when "
                 "Dynamic Partitioning is enabled.");
}

TEST_F(CreateDeliveryStreamTest, ABackupHasNoPartitions) {
  Json more = processing({lambda()});
  more["DynamicPartitioningConfiguration"] = {{"Enabled", true}};
  more["Prefix"] = "p/!{partitionKeyFromLambda:k}/";
  more["ErrorOutputPrefix"] = "e/!{firehose:error-output-type}/";
  more["S3BackupConfiguration"] = {{"RoleARN", kTestRole},
                                   {"BucketARN", kTestBucket},
                                   {"Prefix", more["Prefix"]},
                                   {"ErrorOutputPrefix", more["ErrorOutputPrefix"]}};
  expect_refused(more,
                 "Dynamic Partitioning Namespaces can only be part of a prefix expression when "
                 "Dynamic Partitioning is enabled.");
  more["S3BackupConfiguration"]["Prefix"] = "b/!{timestamp:yyyy}/";
  EXPECT_TRUE(create("s1", more));
}

TEST_F(CreateDeliveryStreamTest, PartitioningKeepsItsRules) {
  Json more{{"DynamicPartitioningConfiguration", {{"Enabled", true}}},
            {"BufferingHints", {{"SizeInMBs", 32}, {"IntervalInSeconds", 120}}},
            {"ErrorOutputPrefix", "e/!{firehose:error-output-type}/"}};
  more["Prefix"] = "p/!{partitionKeyFromQuery:a}/";
  expect_refused(more,
                 "BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is "
                 "enabled.");
  more["BufferingHints"]["SizeInMBs"] = 64;
  expect_refused(more,
                 "MetadataExtraction processor should be present when S3 Prefix contains "
                 "partitionKeyFromQuery namespace.");
  const auto query = [](const std::string& text) {
    return processing(
        {processor("MetadataExtraction", {parameter("MetadataExtractionQuery", text),
                                          parameter("JsonParsingEngine", "JQ-1.6")})});
  };
  more.update(query("{a: .a[0], \"b\": (.b | {c: 1})}"));
  expect_refused(more,
                 "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 "
                 "Prefix expression");
  more.update(query("{a}"));
  EXPECT_TRUE(create("whole", more));
  more.update(query("{a: foo(1)}"));
  expect_refused(more,
                 "MetaDataExtraction JQ Query is not valid: foo/1 is not defined at <top-level>, "
                 "line 1");
  more.update(query("{a}"));
  more["Prefix"] = "p/";
  expect_refused(more,
                 "S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic "
                 "Partitioning is enabled");
}

TEST_F(CreateDeliveryStreamTest, TimeZonesAreOldNames) {
  expect_refused({{"CustomTimeZone", "Asia/Kolkata"}},
                 "Provided custom time zone is not supported. Custom time zones are limited to UTC "
                 "and non-3-letter IANA time zones.");
  EXPECT_TRUE(create("old", {{"CustomTimeZone", "Asia/Calcutta"}}));
  EXPECT_TRUE(create("utc", {{"CustomTimeZone", "UTC"}}));
  EXPECT_TRUE(create("empty", {{"CustomTimeZone", ""}}));
}

TEST_F(CreateDeliveryStreamTest, HintsAreLargeWherePartitioningLeavesThemOut) {
  Json more = processing({lambda()});
  more["DynamicPartitioningConfiguration"] = {{"Enabled", true}};
  more["Prefix"] = "p/!{partitionKeyFromLambda:k}/";
  more["ErrorOutputPrefix"] = "e/!{firehose:error-output-type}/";
  ASSERT_TRUE(create("s1", more));
  EXPECT_EQ(extended("s1")["BufferingHints"],
            Json({{"SizeInMBs", 128}, {"IntervalInSeconds", 300}}));
  EXPECT_EQ(extended("s1")["DynamicPartitioningConfiguration"],
            Json({{"Enabled", true}, {"RetryOptions", {{"DurationInSeconds", 300}}}}));
}

TEST_F(CreateDeliveryStreamTest, ABackupNeedsItsDestination) {
  expect_refused({{"S3BackupMode", "Enabled"}},
                 "S3 backup destination configuration is required when enabling S3 backup.");
}

TEST_F(CreateDeliveryStreamTest, SettingsWithoutEffectAreTakenAndNoted) {
  Json request =
      creation("s1", {{"EncryptionConfiguration",
                       {{"KMSEncryptionConfig",
                         {{"AWSKMSKeyARN", "arn:aws:kms:us-east-1:123456789012:key/1"}}}}}});
  request["Tags"] = {{{"Key", "team"}, {"Value", "data"}}};
  request["DeliveryStreamEncryptionConfigurationInput"] = {{"KeyType", "AWS_OWNED_CMK"}};
  ASSERT_TRUE(call("CreateDeliveryStream", request));
  EXPECT_THAT(world.gaps.noted,
              ElementsAre("CreateDeliveryStream s1: DeliveryStreamEncryptionConfigurationInput",
                          "CreateDeliveryStream s1: ExtendedS3DestinationConfiguration."
                          "EncryptionConfiguration.KMSEncryptionConfig"));
}

TEST_F(CreateDeliveryStreamTest, StrictlyTheyAreRefused) {
  world.gaps.strict = true;
  Json request = creation("s1");
  EXPECT_TRUE(call("CreateDeliveryStream", request));
  request = creation("s2");
  request["DirectPutSourceConfiguration"] = {{"ThroughputHintInMBs", 1}};
  EXPECT_THAT(call("CreateDeliveryStream", request),
              RefusedAs("InvalidArgumentException", "refused: DirectPutSourceConfiguration"));
  EXPECT_FALSE(world.registry.find({kTestAccount, kTestRegion, "s2"}));
}

TEST_F(CreateDeliveryStreamTest, EncryptionOfRecordsKeepsItsRules) {
  Json request = creation("s1");
  auto& encryption = request["DeliveryStreamEncryptionConfigurationInput"];
  const auto expect = [&](const std::string& message) {
    EXPECT_THAT(call("CreateDeliveryStream", request),
                RefusedAs("InvalidArgumentException", message));
  };
  encryption = {{"KeyType", "CUSTOMER_MANAGED_CMK"}};
  expect("KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK");
  encryption["KeyARN"] = "arn:aws:kms:eu-west-1:123456789012:key/1";
  expect(
      "Cross-region keys are not allowed for SSE. Please provide CMKs in the same region as "
      "firehose");
  encryption["KeyType"] = "AWS_OWNED_CMK";
  expect("KeyARN cannot be specified when KeyType is AWS_OWNED_CMK");
}

TEST_F(CreateDeliveryStreamTest, EncryptionOfRecordsIsForDirectPut) {
  create_source();
  Json request = from_kinesis("s1");
  request["DeliveryStreamEncryptionConfigurationInput"] = {{"KeyType", "AWS_OWNED_CMK"}};
  EXPECT_THAT(call("CreateDeliveryStream", request),
              RefusedAs("InvalidArgumentException",
                        "Server side encryption from firehose is only allowed for direct put "
                        "delivery streams and database as a source delivery streams"));
}

class CreateOverQuotaTest : public CreateDeliveryStreamTest {
 protected:
  CreateOverQuotaTest() : CreateDeliveryStreamTest({.delivery_streams_max = 2}) {}
};

TEST_F(CreateOverQuotaTest, AnAccountHasAQuota) {
  ASSERT_TRUE(create("b"));
  ASSERT_TRUE(create("a"));
  EXPECT_THAT(create("c"), RefusedAs("LimitExceededException",
                                     "You have already consumed your firehose quota of 2 hoses. "
                                     "Firehose names: [a, b]"));
}

class CreateLenientlyTest : public CreateDeliveryStreamTest {
 protected:
  CreateLenientlyTest() : CreateDeliveryStreamTest({.lenient_partitioning = true}) {}
};

TEST_F(CreateLenientlyTest, PartitioningMayHaveSmallBuffersAndPathsForKeys) {
  const auto created =
      create("s1", {{"DynamicPartitioningConfiguration", {{"Enabled", true}}},
                    {"BufferingHints", {{"SizeInMBs", 32}, {"IntervalInSeconds", 120}}},
                    {"Prefix", "p/!{partitionKeyFromQuery:$.country}/"},
                    {"ErrorOutputPrefix", "e/!{firehose:error-output-type}/"}});
  ASSERT_TRUE(created) << created.error();
  EXPECT_TRUE(settings("s1").dynamic_partitioning->lenient);
}

class CreateConfiguredTest : public FirehoseTest {
 protected:
  CreateConfiguredTest() : FirehoseTest({.create_delay = 30s}) {}
  Result<void> create_from_file(const Json& body) {
    return create_configured(world.environment,
                             {.request_id = "", .account = kTestAccount, .region = kTestRegion},
                             body);
  }
};

TEST_F(CreateConfiguredTest, AConfiguredDeliveryStreamIsActiveAtOnce) {
  const auto outcome = create_from_file(creation("s1"));
  ASSERT_TRUE(outcome) << outcome.error();
  EXPECT_EQ(describe("s1")["DeliveryStreamStatus"], "ACTIVE");
}

TEST_F(CreateConfiguredTest, ItIsCheckedLikeARequest) {
  EXPECT_THAT(create_from_file({{"DeliveryStreamName", "s1"},
                                {"ExtendedS3DestinationConfiguration", {{"RoleARN", kTestRole}}}}),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value at "
                        "'extendedS3DestinationConfiguration.bucketARN' failed to satisfy "
                        "constraint: Member must not be null"));
  EXPECT_THAT(create_from_file(creation("s1", {{"S3BackupMode", "Enabled"}})),
              RefusedAs("InvalidArgumentException",
                        "S3 backup destination configuration is required when enabling S3 "
                        "backup."));
  ASSERT_TRUE(create_from_file(creation("s1")));
  EXPECT_FALSE(create_from_file(creation("s1")));
}

}  // namespace
}  // namespace hydrant::firehose
