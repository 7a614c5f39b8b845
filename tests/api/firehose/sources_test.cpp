// Where records come from, as Create takes it and Describe shows it.
#include "support/firehose_destinations_test.h"

namespace hydrant::firehose {
namespace {

class SourcesTest : public FirehoseDestinationsTest {
 protected:
  static Json from_msk() {
    Json request = creation("s1");
    request["DeliveryStreamType"] = "MSKAsSource";
    request["MSKSourceConfiguration"] = {
        {"MSKClusterARN", "arn:aws:kafka:us-east-1:123456789012:cluster/c/1"},
        {"TopicName", "topic"},
        {"AuthenticationConfiguration", {{"RoleARN", kTestRole}, {"Connectivity", "PRIVATE"}}},
        {"ReadFromTimestamp", 1767312000}};
    return request;
  }
  static Json from_database() {
    return {{"DeliveryStreamName", "s1"},
            {"DeliveryStreamType", "DatabaseAsSource"},
            {"IcebergDestinationConfiguration", least("Iceberg")},
            {"DatabaseSourceConfiguration",
             {{"Type", "MySQL"},
              {"Endpoint", "db"},
              {"Port", 3306},
              {"Databases", {{"Include", {"d"}}}},
              {"Tables", {{"Include", {"t"}}}},
              {"SnapshotWatermarkTable", "w"},
              {"DatabaseSourceAuthenticationConfiguration",
               {{"SecretsManagerConfiguration", {{"Enabled", true}, {"SecretARN", kSecret}}}}},
              {"DatabaseSourceVPCConfiguration",
               {{"VpcEndpointServiceName",
                 "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"}}}}}};
  }
};

TEST_F(SourcesTest, MskIsTakenAndNothingComes) {
  const auto created = call("CreateDeliveryStream", from_msk());
  ASSERT_TRUE(created) << created.error();
  const Json description = describe("s1");
  EXPECT_EQ(description["DeliveryStreamType"], "MSKAsSource");
  EXPECT_FALSE(description.contains("DeliveryStreamEncryptionConfiguration"));
  const Json source = description["Source"]["MSKSourceDescription"];
  EXPECT_EQ(source["TopicName"], "topic");
  EXPECT_EQ(source["ReadFromTimestamp"], 1767312000);
  EXPECT_TRUE(source.contains("DeliveryStartTimestamp"));
  EXPECT_THAT(world.gaps.noted, ::testing::Contains("CreateDeliveryStream s1: "
                                                    "MSKSourceConfiguration"));
  EXPECT_THAT(put("s1"), RefusedAs("InvalidArgumentException",
                                   "This operation is not permitted on MSKAsSource delivery "
                                   "stream type."));
}

TEST_F(SourcesTest, ADatabaseIsTakenAndNothingComes) {
  const auto created = call("CreateDeliveryStream", from_database());
  ASSERT_TRUE(created) << created.error();
  EXPECT_EQ(describe("s1")["Source"]["DatabaseSourceDescription"]["Endpoint"], "db");
  EXPECT_EQ((*call("ListDeliveryStreams",
                   {{"DeliveryStreamType", "DatabaseAsSource"}}))["DeliveryStreamNames"],
            Json({"s1"}));
}

TEST_F(SourcesTest, ASourceIsNeededWhereOneIsNamed) {
  Json request = from_database();
  request.erase("DatabaseSourceConfiguration");
  EXPECT_THAT(call("CreateDeliveryStream", request),
              RefusedAs("InvalidArgumentException",
                        "DatabaseSourceConfig is mandatory for Database as Source stream type."));
}

TEST_F(SourcesTest, AThroughputHintIsShown) {
  Json request = creation("s1");
  request["DirectPutSourceConfiguration"] = {{"ThroughputHintInMBs", 5}};
  ASSERT_TRUE(call("CreateDeliveryStream", request));
  EXPECT_EQ(describe("s1")["Source"],
            Json({{"DirectPutSourceDescription", {{"ThroughputHintInMBs", 5}}}}));
}

}  // namespace
}  // namespace hydrant::firehose
