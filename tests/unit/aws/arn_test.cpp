#include "aws/arn.h"

#include <gmock/gmock.h>

#include <string>

namespace hydrant::aws {
namespace {

TEST(ArnTest, ItHasSixParts) {
  const auto arn = Arn::parse("arn:aws-cn:kinesis:cn-north-1:123456789012:stream/s");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->partition, "aws-cn");
  EXPECT_EQ(arn->service, "kinesis");
  EXPECT_EQ(arn->region, "cn-north-1");
  EXPECT_EQ(arn->account, "123456789012");
  EXPECT_EQ(arn->resource, "stream/s");
}

TEST(ArnTest, PartsMayBeEmpty) {
  const auto arn = Arn::parse("arn:aws:s3:::bucket");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->region, "");
  EXPECT_EQ(arn->account, "");
  EXPECT_EQ(arn->resource, "bucket");
}

TEST(ArnTest, TheResourceMayHoldColons) {
  EXPECT_EQ(Arn::parse("arn:aws:lambda:r:1:function:f:3")->resource, "function:f:3");
}

TEST(ArnTest, FewerPartsAreNone) {
  for (const std::string text :
       {"", "arn", "arn:aws:s3::", "arn:aws:s3:r:1", "ARN:aws:s3:::b", "urn:aws:s3:::b"})
    EXPECT_FALSE(Arn::parse(text)) << text;
}

}  // namespace
}  // namespace hydrant::aws
