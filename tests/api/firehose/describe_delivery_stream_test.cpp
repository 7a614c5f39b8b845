#include "support/firehose_test.h"

namespace hydrant::firehose {
namespace {

class DescribeDeliveryStreamTest : public FirehoseTest {
 protected:
  using FirehoseTest::FirehoseTest;
};

// Members and their order, too: the documents are compared as text.
TEST_F(DescribeDeliveryStreamTest, DefaultsAreFilledIn) {
  ASSERT_TRUE(create("s1"));
  const Json plain = Json::parse(R"({
    "RoleARN": "arn:aws:iam::123456789012:role/firehose-role",
    "BucketARN": "arn:aws:s3:::results",
    "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 300},
    "CompressionFormat": "UNCOMPRESSED",
    "EncryptionConfiguration": {"NoEncryptionConfig": "NoEncryption"},
    "CloudWatchLoggingOptions": {"Enabled": false}})");
  Json extended_form = plain;
  extended_form["S3BackupMode"] = "Disabled";
  const Json expected{
      {"DeliveryStreamName", "s1"},
      {"DeliveryStreamARN", "arn:aws:firehose:us-east-1:123456789012:deliverystream/s1"},
      {"DeliveryStreamStatus", "ACTIVE"},
      {"DeliveryStreamEncryptionConfiguration", {{"Status", "DISABLED"}}},
      {"DeliveryStreamType", "DirectPut"},
      {"VersionId", "1"},
      {"CreateTimestamp", 1767312000},
      {"Destinations",
       {{{"DestinationId", "destinationId-000000000001"},
         {"S3DestinationDescription", plain},
         {"ExtendedS3DestinationDescription", extended_form}}}},
      {"HasMoreDestinations", false}};
  Json actual = describe("s1");
  actual["CreateTimestamp"] = actual["CreateTimestamp"].get<std::int64_t>();
  EXPECT_EQ(actual.dump(1), expected.dump(1));
}

TEST_F(DescribeDeliveryStreamTest, WhatWasGivenIsEchoed) {
  const Json given{{"Prefix", "data/!{timestamp:yyyy}/"},
                   {"ErrorOutputPrefix", "errors/!{firehose:error-output-type}/"},
                   {"BufferingHints", {{"SizeInMBs", 1}, {"IntervalInSeconds", 60}}},
                   {"CompressionFormat", "GZIP"},
                   {"FileExtension", ".json.gz"},
                   {"CustomTimeZone", "UTC"}};
  ASSERT_TRUE(create("s1", given));
  const Json description = extended("s1");
  for (const auto& [name, value] : given.items()) EXPECT_EQ(description[name], value) << name;
  const Json plain = describe("s1")["Destinations"][0]["S3DestinationDescription"];
  EXPECT_EQ(plain["Prefix"], given["Prefix"]);
  EXPECT_FALSE(plain.contains("FileExtension"));
  EXPECT_FALSE(plain.contains("CustomTimeZone"));
}

TEST_F(DescribeDeliveryStreamTest, APlainDestinationIsShownInBothForms) {
  ASSERT_TRUE(call("CreateDeliveryStream",
                   {{"DeliveryStreamName", "s1"},
                    {"S3DestinationConfiguration",
                     {{"RoleARN", kTestRole}, {"BucketARN", kTestBucket}, {"Prefix", "p/"}}}}));
  const Json destination = describe("s1")["Destinations"][0];
  EXPECT_EQ(destination["S3DestinationDescription"]["Prefix"], "p/");
  EXPECT_EQ(destination["ExtendedS3DestinationDescription"]["Prefix"], "p/");
}

TEST_F(DescribeDeliveryStreamTest, LambdaParametersAreFilledInAndOrdered) {
  ASSERT_TRUE(
      create("s1", processing({processor("Lambda", {parameter("NumberOfRetries", "7"),
                                                    parameter("LambdaArn", kTestFunction)})})));
  const Json expected{{"Enabled", true},
                      {"Processors",
                       {{{"Type", "Lambda"},
                         {"Parameters",
                          {parameter("LambdaArn", kTestFunction), parameter("NumberOfRetries", "7"),
                           parameter("RoleArn", kTestRole), parameter("BufferSizeInMBs", "1"),
                           parameter("BufferIntervalInSeconds", "60")}}}}}};
  EXPECT_EQ(extended("s1")["ProcessingConfiguration"].dump(1), expected.dump(1));
}

TEST_F(DescribeDeliveryStreamTest, ProcessingThatDoesNotSayIsDisabled) {
  ASSERT_TRUE(create("s1", {{"ProcessingConfiguration", {{"Processors", {lambda()}}}}}));
  EXPECT_EQ(extended("s1")["ProcessingConfiguration"]["Enabled"], false);
}

TEST_F(DescribeDeliveryStreamTest, AKinesisSourceIsShownInsteadOfEncryption) {
  create_source();
  ASSERT_TRUE(call("CreateDeliveryStream", from_kinesis("reader")));
  const Json description = describe("reader");
  EXPECT_EQ(description["DeliveryStreamType"], "KinesisStreamAsSource");
  EXPECT_FALSE(description.contains("DeliveryStreamEncryptionConfiguration"));
  const Json source = description["Source"]["KinesisStreamSourceDescription"];
  EXPECT_EQ(source["KinesisStreamARN"], kTestSource);
  EXPECT_EQ(source["RoleARN"], kTestRole);
  EXPECT_EQ(source["DeliveryStartTimestamp"], description["CreateTimestamp"]);
}

TEST_F(DescribeDeliveryStreamTest, AnUnknownDeliveryStreamIsNotFound) {
  EXPECT_THAT(
      call("DescribeDeliveryStream", {{"DeliveryStreamName", "foo"}}),
      RefusedAs("ResourceNotFoundException", "Firehose foo under account 123456789012 not found."));
}

class DescribeWhileCreatingTest : public DescribeDeliveryStreamTest {
 protected:
  DescribeWhileCreatingTest() : DescribeDeliveryStreamTest({.create_delay = 1s}) {}
};

TEST_F(DescribeWhileCreatingTest, ADeliveryStreamIsCreatingUntilItsDelayIsOver) {
  ASSERT_TRUE(create("s1"));
  EXPECT_EQ(describe("s1")["DeliveryStreamStatus"], "CREATING");
  advance(1s);
  EXPECT_EQ(describe("s1")["DeliveryStreamStatus"], "ACTIVE");
}

}  // namespace
}  // namespace hydrant::firehose
