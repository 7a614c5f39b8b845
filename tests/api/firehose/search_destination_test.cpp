// OpenSearch, serverless or not, and Elasticsearch.
#include "support/firehose_destinations_test.h"

namespace hydrant::firehose {
namespace {

class SearchDestinationTest : public FirehoseDestinationsTest {};

TEST_F(SearchDestinationTest, DefaultsAreShown) {
  ASSERT_TRUE(create_to("Elasticsearch"));
  const Json shown = described("Elasticsearch");
  EXPECT_EQ(shown["DomainARN"], kDomain);
  EXPECT_EQ(shown["IndexRotationPeriod"], "OneDay");
  EXPECT_EQ(shown["BufferingHints"], Json({{"SizeInMBs", 5}, {"IntervalInSeconds", 300}}));
  EXPECT_EQ(shown["RetryOptions"], Json({{"DurationInSeconds", 300}}));
  EXPECT_EQ(shown["S3BackupMode"], "FailedDocumentsOnly");
  EXPECT_EQ(shown["DocumentIdOptions"], Json({{"DefaultDocumentIdFormat", "FIREHOSE_DEFAULT"}}));
}

TEST_F(SearchDestinationTest, ServerlessHasNoRotation) {
  ASSERT_TRUE(create_to("AmazonOpenSearchServerless"));
  EXPECT_FALSE(described("AmazonOpenSearchServerless").contains("IndexRotationPeriod"));
  EXPECT_FALSE(described("AmazonOpenSearchServerless").contains("DocumentIdOptions"));
}

TEST_F(SearchDestinationTest, ADomainIsNamedInOneWay) {
  for (const auto* kind : {"Elasticsearch", "Amazonopensearchservice"}) {
    expect_refused(kind, {{"DomainARN", kDomain}, {"ClusterEndpoint", "https://search"}},
                   "Cannot provide both Elasticsearch cluster endpoint and domain ARN. Provide "
                   "either the cluster endpoint or domain arn. Must specify cluster endpoint for "
                   "cross account elasticsearch cluster.");
    expect_refused(kind, {{"DomainARN", nullptr}, {"ClusterEndpoint", nullptr}},
                   "Provide either the Elasticsearch cluster endpoint or domain arn. Must specify "
                   "cluster endpoint for cross account Elasticsearch cluster.");
  }
}

TEST_F(SearchDestinationTest, ACollectionIsNamedByItsEndpoint) {
  expect_refused("AmazonOpenSearchServerless", {{"CollectionEndpoint", nullptr}},
                 "Must specify collection endpoint for delivery to OpenSearch serverless.");
}

TEST_F(SearchDestinationTest, OnlyOldDomainsHaveTypes) {
  EXPECT_TRUE(create_to("Elasticsearch", {{"TypeName", "isc"}}, "old"));
  expect_refused("Amazonopensearchservice", {{"TypeName", "isc"}},
                 "Types are deprecated in Elasticsearch version 7+ and all OpenSearch versions. "
                 "TypeName must be empty.");
  EXPECT_TRUE(create_to("Amazonopensearchservice", {{"TypeName", ""}}, "s2"));
}

TEST_F(SearchDestinationTest, HintsHaveTheirOwnBounds) {
  expect_invalid("Elasticsearch",
                 {{"BufferingHints", {{"SizeInMBs", 101}, {"IntervalInSeconds", 60}}}},
                 "elasticsearchDestinationConfiguration.bufferingHints.sizeInMBs",
                 "must have value less than or equal to 100");
}

TEST_F(SearchDestinationTest, ADomainHasAnArn) {
  expect_invalid("Elasticsearch", {{"DomainARN", "arn:aws:es:us-east-1:123456789012:domain/Logs"}},
                 "elasticsearchDestinationConfiguration.domainARN",
                 "must satisfy regular expression pattern: "
                 "arn:.*:es:[a-zA-Z0-9\\-]+:\\d{12}:domain/[a-z][-0-9a-z]{2,27}");
}

TEST_F(SearchDestinationTest, ItsNetworkIsShownWithAnId) {
  ASSERT_TRUE(create_to(
      "Elasticsearch",
      {{"VpcConfiguration",
        {{"SubnetIds", {"subnet-1"}}, {"RoleARN", kTestRole}, {"SecurityGroupIds", {"sg-1"}}}}}));
  const Json network = described("Elasticsearch")["VpcConfigurationDescription"];
  EXPECT_EQ(network["SubnetIds"], Json({"subnet-1"}));
  EXPECT_TRUE(network.contains("VpcId"));
}

TEST_F(SearchDestinationTest, IdsOfANetworkHoldNoSpace) {
  expect_invalid("Elasticsearch",
                 {{"VpcConfiguration",
                   {{"SubnetIds", {"a b"}}, {"RoleARN", kTestRole}, {"SecurityGroupIds", {"g"}}}}},
                 "elasticsearchDestinationConfiguration.vpcConfiguration.subnetIds",
                 "must satisfy constraint: [Member must have length less than or equal to 1024, "
                 "Member must have length greater than or equal to 1, Member must satisfy regular "
                 "expression pattern: ^\\S+$]");
}

}  // namespace
}  // namespace hydrant::firehose
