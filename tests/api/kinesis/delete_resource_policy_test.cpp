#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using DeleteResourcePolicyTest = KinesisTest;

TEST_F(DeleteResourcePolicyTest, ThePolicyIsGoneAndTheReplyEmpty) {
  create_stream("s", 1);
  call("PutResourcePolicy", {{"ResourceARN", arn("s")}, {"Policy", R"({"Id": "x"})"}});
  const auto answer = call("DeleteResourcePolicy", {{"ResourceARN", arn("s")}});
  EXPECT_THAT(answer, Succeeded());
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(call("GetResourcePolicy", {{"ResourceARN", arn("s")}})["Policy"], "{}");
}

TEST_F(DeleteResourcePolicyTest, APolicyThatIsNotThereCannotBeDeleted) {
  create_stream("s", 1);
  EXPECT_THAT(call("DeleteResourcePolicy", {{"ResourceARN", arn("s")}}),
              RefusedAs("ResourceNotFoundException",
                        "No resource policy found for resource " + arn("s") + "."));
}

TEST_F(DeleteResourcePolicyTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(
      call("DeleteResourcePolicy", {{"ResourceARN", arn("none")}}),
      RefusedAs("ResourceNotFoundException", "Stream none under account 123456789012 not found."));
}

}  // namespace
}  // namespace hydrant::kinesis
