#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using GetResourcePolicyTest = KinesisTest;

TEST_F(GetResourcePolicyTest, WithoutAPolicyItIsAnEmptyObject) {
  create_stream("s", 1);
  EXPECT_EQ(call("GetResourcePolicy", {{"ResourceARN", arn("s")}}).body,
            Json::parse(R"({"Policy": "{}"})"));
}

TEST_F(GetResourcePolicyTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(
      call("GetResourcePolicy", {{"ResourceARN", arn("none")}}),
      RefusedAs("ResourceNotFoundException", "Stream none under account 123456789012 not found."));
}

TEST_F(GetResourcePolicyTest, AnUnknownConsumerIsNotFound) {
  create_stream("s", 1);
  EXPECT_THAT(
      call("GetResourcePolicy", {{"ResourceARN", arn("s") + "/consumer/c:1"}}),
      RefusedAs("ResourceNotFoundException", "Consumer c, account 123456789012 not found."));
}

}  // namespace
}  // namespace hydrant::kinesis
