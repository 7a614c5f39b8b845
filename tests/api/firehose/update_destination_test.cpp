#include "support/firehose_test.h"

namespace hydrant::firehose {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::StartsWith;

class UpdateDestinationTest : public FirehoseTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(create("s1", {{"Prefix", "old/"},
                              {"BufferingHints", {{"SizeInMBs", 2}, {"IntervalInSeconds", 60}}}}));
  }
};

TEST_F(UpdateDestinationTest, WhatIsLeftOutStays) {
  const auto reply = update("s1", {{"Prefix", "new/"}});
  ASSERT_TRUE(reply) << reply.error();
  EXPECT_EQ(*reply, Json::object());
  EXPECT_EQ(extended("s1")["Prefix"], "new/");
  EXPECT_EQ(extended("s1")["BufferingHints"], Json({{"SizeInMBs", 2}, {"IntervalInSeconds", 60}}));
}

TEST_F(UpdateDestinationTest, AnUpdateRaisesTheVersionAndLeavesItsTime) {
  EXPECT_FALSE(describe("s1").contains("LastUpdateTimestamp"));
  advance(10s);
  ASSERT_TRUE(update("s1", {{"Prefix", "new/"}}));
  const Json description = describe("s1");
  EXPECT_EQ(description["VersionId"], "2");
  EXPECT_EQ(description["LastUpdateTimestamp"].get<double>(),
            description["CreateTimestamp"].get<double>() + 10);
}

TEST_F(UpdateDestinationTest, RecordsThatComeAfterItGoByIt) {
  ASSERT_TRUE(update("s1", {{"Prefix", "new/"}}));
  ASSERT_TRUE(call("PutRecord", {{"DeliveryStreamName", "s1"}, {"Record", record("x")}}));
  advance(60s);
  EXPECT_THAT(world.sink.objects(),
              ElementsAre(Pair(StartsWith("results/new/2026/01/02/00/s1-2-"), "x")));
}

TEST_F(UpdateDestinationTest, AStaleVersionIsRefused) {
  EXPECT_THAT(update("s1", {{"Prefix", "a/"}}, "5"),
              RefusedAs("ConcurrentModificationException",
                        "Cannot update firehose: s1 since the current version id: 1 and specified "
                        "version id: 5 do not match"));
}

TEST_F(UpdateDestinationTest, ThePlainFormUpdatesTheSameDestination) {
  ASSERT_TRUE(
      call("UpdateDestination", {{"DeliveryStreamName", "s1"},
                                 {"CurrentDeliveryStreamVersionId", "1"},
                                 {"DestinationId", "destinationId-000000000001"},
                                 {"S3DestinationUpdate", {{"CompressionFormat", "GZIP"}}}}));
  const Json destination = describe("s1")["Destinations"][0];
  EXPECT_EQ(destination["S3DestinationDescription"]["CompressionFormat"], "GZIP");
  EXPECT_EQ(destination["ExtendedS3DestinationDescription"]["CompressionFormat"], "GZIP");
  EXPECT_EQ(destination["ExtendedS3DestinationDescription"]["Prefix"], "old/");
}

TEST_F(UpdateDestinationTest, ARefusedUpdateChangesNothing) {
  const Json before = describe("s1");
  EXPECT_FALSE(update("s1", {{"Prefix", "new/"}, {"CustomTimeZone", "Asia/Kolkata"}}));
  EXPECT_EQ(describe("s1"), before);
}

TEST_F(UpdateDestinationTest, HintsComeInPairs) {
  EXPECT_THAT(update("s1", {{"BufferingHints", {{"SizeInMBs", 3}}}}),
              RefusedAs("InvalidArgumentException",
                        "If you specify a value for SizeInMBs, you must also specify a value for "
                        "IntervalInSeconds, and vice versa."));
}

TEST_F(UpdateDestinationTest, HintsThatSayNothingChangeNothing) {
  ASSERT_TRUE(update("s1", {{"BufferingHints", Json::object()}}));
  EXPECT_EQ(extended("s1")["BufferingHints"], Json({{"SizeInMBs", 2}, {"IntervalInSeconds", 60}}));
}

TEST_F(UpdateDestinationTest, ProcessingIsReplacedWhole) {
  ASSERT_TRUE(update("s1", processing({lambda()})));
  ASSERT_TRUE(update("s1", {{"ProcessingConfiguration", {{"Enabled", false}}}}, "2"));
  EXPECT_EQ(extended("s1")["ProcessingConfiguration"], Json({{"Enabled", false}}));
}

TEST_F(UpdateDestinationTest, ProcessingIsCheckedByItsOwnContent) {
  ASSERT_TRUE(update("s1", processing({lambda()})));
  EXPECT_THAT(
      update("s1", processing({processor("Lambda", {parameter("NumberOfRetries", "7")})}), "2"),
      RefusedAs("InvalidArgumentException",
                "LambdaArn is required when Lambda processor is used."));
}

TEST_F(UpdateDestinationTest, AProcessorKeepsTheRoleOfItsTime) {
  constexpr auto kOtherRole = "arn:aws:iam::123456789012:role/other";
  ASSERT_TRUE(update("s1", processing({lambda()})));
  ASSERT_TRUE(update("s1", {{"RoleARN", kOtherRole}}, "2"));
  const Json description = extended("s1");
  EXPECT_EQ(description["RoleARN"], kOtherRole);
  EXPECT_EQ(description["ProcessingConfiguration"]["Processors"][0]["Parameters"][2],
            parameter("RoleArn", kTestRole));
}

TEST_F(UpdateDestinationTest, AConversionThatIsOffIsMergedMemberByMember) {
  const Json off{{"Enabled", false},
                 {"SchemaConfiguration", {{"DatabaseName", "db"}, {"TableName", "t"}}}};
  ASSERT_TRUE(update("s1", {{"DataFormatConversionConfiguration", off}}));
  ASSERT_TRUE(update(
      "s1",
      {{"DataFormatConversionConfiguration", {{"SchemaConfiguration", {{"TableName", "other"}}}}}},
      "2"));
  EXPECT_EQ(extended("s1")["DataFormatConversionConfiguration"],
            Json({{"Enabled", false},
                  {"SchemaConfiguration", {{"DatabaseName", "db"}, {"TableName", "other"}}}}));
}

TEST_F(UpdateDestinationTest, ConversionIsCheckedAgainstTheStoredHints) {
  EXPECT_THAT(
      update("s1", {{"DataFormatConversionConfiguration", {{"Enabled", true}}}}),
      RefusedAs(
          "InvalidArgumentException",
          "BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled."));
}

TEST_F(UpdateDestinationTest, RulesOfMembersAreNamedByTheirPath) {
  EXPECT_THAT(update("s1", {{"CompressionFormat", "gzip"}}),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value at "
                        "'extendedS3DestinationUpdate.compressionFormat' failed to satisfy "
                        "constraint: Member must satisfy enum value set: [ZIP, HADOOP_SNAPPY, "
                        "Snappy, GZIP, UNCOMPRESSED]"));
}

TEST_F(UpdateDestinationTest, AnUnknownDestinationIsRefused) {
  EXPECT_THAT(
      call("UpdateDestination", {{"DeliveryStreamName", "s1"},
                                 {"CurrentDeliveryStreamVersionId", "1"},
                                 {"DestinationId", "destinationId-000000000002"},
                                 {"ExtendedS3DestinationUpdate", {{"Prefix", "a/"}}}}),
      RefusedAs("InvalidArgumentException", "Destination Id destinationId-000000000002 not found"));
}

TEST_F(UpdateDestinationTest, AnUnknownDeliveryStreamIsNotFoundInItsOwnWords) {
  EXPECT_THAT(update("foo", Json::object()),
              RefusedAs("ResourceNotFoundException",
                        "Firehose foo under accountId 123456789012 not found."));
}

TEST_F(UpdateDestinationTest, TheTypeOfADestinationCannotChangeToHttp) {
  EXPECT_THAT(call("UpdateDestination", {{"DeliveryStreamName", "s1"},
                                         {"CurrentDeliveryStreamVersionId", "1"},
                                         {"DestinationId", "destinationId-000000000001"},
                                         {"HttpEndpointDestinationUpdate", Json::object()}}),
              RefusedAs("InvalidArgumentException",
                        "Changing the destination type to or from HttpEndpoint is not supported at "
                        "this time."));
}

TEST_F(UpdateDestinationTest, AnUpdateSpeaksOfOneDestination) {
  EXPECT_THAT(call("UpdateDestination", {{"DeliveryStreamName", "s1"},
                                         {"CurrentDeliveryStreamVersionId", "1"},
                                         {"DestinationId", "destinationId-000000000001"}}),
              RefusedAs("InvalidArgumentException",
                        "Exactly one destination configuration is supported for a Firehose"));
}

TEST_F(UpdateDestinationTest, ABackupStays) {
  Json changes{{"S3BackupMode", "Enabled"}};
  changes["S3BackupUpdate"] = {{"BucketARN", kTestBucket}};
  EXPECT_THAT(update("s1", changes),
              RefusedAs("InvalidArgumentException",
                        "S3 backup destination configuration is required when enabling S3 "
                        "backup."));
  changes["S3BackupUpdate"]["RoleARN"] = kTestRole;
  ASSERT_TRUE(update("s1", changes));
  EXPECT_TRUE(settings("s1").backup);
  EXPECT_THAT(update("s1", {{"S3BackupMode", "Disabled"}}, "2"),
              RefusedAs("InvalidArgumentException",
                        "S3BackupMode cannot be changed from Enabled to Disabled."));
}

TEST_F(UpdateDestinationTest, PartitioningIsDecidedAtTheStart) {
  EXPECT_THAT(update("s1", {{"DynamicPartitioningConfiguration", {{"Enabled", true}}}}),
              RefusedAs("InvalidArgumentException",
                        "Dynamic Partitioning cannot be enabled or disabled on an existing "
                        "delivery stream."));
}

TEST_F(UpdateDestinationTest, WhatIsNotEmulatedIsNoted) {
  ASSERT_TRUE(update("s1", {{"EncryptionConfiguration",
                             {{"KMSEncryptionConfig",
                               {{"AWSKMSKeyARN", "arn:aws:kms:us-east-1:123456789012:key/1"}}}}}}));
  EXPECT_THAT(world.gaps.noted, ElementsAre("UpdateDestination s1: ExtendedS3DestinationUpdate."
                                            "EncryptionConfiguration.KMSEncryptionConfig"));
}

}  // namespace
}  // namespace hydrant::firehose
