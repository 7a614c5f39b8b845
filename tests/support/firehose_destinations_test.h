// Delivery streams to destinations other than S3: the least that each of them has to be told.
#pragma once
#include <map>

#include "support/firehose_test.h"

namespace hydrant::firehose {

class FirehoseDestinationsTest : public FirehoseTest {
 protected:
  using FirehoseTest::FirehoseTest;

  static constexpr const char* kDomain = "arn:aws:es:us-east-1:123456789012:domain/logs";
  static constexpr const char* kSecret =
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:login-AbCdEf";

  static Json s3(const Json& more = Json::object()) {
    Json place{{"RoleARN", kTestRole}, {"BucketARN", kTestBucket}};
    place.update(more);
    return place;
  }
  static Json least(const std::string& kind) {
    static const std::map<std::string, Json> kLeast = {
        {"Redshift",
         {{"RoleARN", kTestRole},
          {"ClusterJDBCURL", "jdbc:redshift://c.x1.us-east-1.redshift.amazonaws.com:5439/dev"},
          {"CopyCommand", {{"DataTableName", "t"}}},
          {"Username", "user"},
          {"Password", "secret"}}},
        {"Elasticsearch", {{"RoleARN", kTestRole}, {"DomainARN", kDomain}, {"IndexName", "i"}}},
        {"Amazonopensearchservice",
         {{"RoleARN", kTestRole}, {"ClusterEndpoint", "https://search"}, {"IndexName", "i"}}},
        {"AmazonOpenSearchServerless",
         {{"RoleARN", kTestRole}, {"CollectionEndpoint", "https://search"}, {"IndexName", "i"}}},
        {"Splunk",
         {{"HECEndpoint", "https://hec:8088"}, {"HECEndpointType", "Raw"}, {"HECToken", "t"}}},
        {"HttpEndpoint",
         {{"EndpointConfiguration", {{"Url", "https://example.com"}, {"AccessKey", "key"}}}}},
        {"Snowflake",
         {{"AccountUrl", "account-1.snowflakecomputing.com"},
          {"PrivateKey", std::string(256, 'A')},
          {"KeyPassphrase", "passphrase"},
          {"User", "user"},
          {"Database", "d"},
          {"Schema", "s"},
          {"Table", "t"},
          {"RoleARN", kTestRole}}},
        {"Iceberg",
         {{"RoleARN", kTestRole},
          {"CatalogConfiguration", {{"CatalogARN", "arn:aws:glue:us-east-1:123456789012:catalog"}}},
          {"DestinationTableConfigurationList",
           {{{"DestinationTableName", "t"}, {"DestinationDatabaseName", "d"}}}}}}};
    Json configuration = kLeast.at(kind);
    configuration["S3Configuration"] = s3();
    return configuration;
  }

  // With `more` in place of its members; null takes one away.
  Result<Json> create_to(const std::string& kind, const Json& more = Json::object(),
                         const std::string& name = "s1") {
    Json configuration = least(kind);
    configuration.update(more);
    return call("CreateDeliveryStream",
                {{"DeliveryStreamName", name}, {kind + "DestinationConfiguration", configuration}});
  }
  void expect_refused(const std::string& kind, const Json& more, const std::string& message) {
    EXPECT_THAT(create_to(kind, more), RefusedAs("InvalidArgumentException", message)) << more;
  }
  void expect_invalid(const std::string& kind, const Json& more, const std::string& path,
                      const std::string& constraint) {
    EXPECT_THAT(create_to(kind, more),
                RefusedAs("ValidationException", "1 validation error detected: Value at '" + path +
                                                     "' failed to satisfy constraint: Member " +
                                                     constraint));
  }
  Json described(const std::string& kind) {
    return describe("s1")["Destinations"][0][kind + "DestinationDescription"];
  }
  Result<Json> update_to(const std::string& kind, const Json& changes,
                         const std::string& version = "1") {
    return call_on("s1", "UpdateDestination",
                   {{"CurrentDeliveryStreamVersionId", version},
                    {"DestinationId", "destinationId-000000000001"},
                    {kind + "DestinationUpdate", changes}});
  }
};

}  // namespace hydrant::firehose
