#include "support/firehose_test.h"

namespace hydrant::firehose {
namespace {

class UntagDeliveryStreamTest : public FirehoseTest {
 protected:
  void SetUp() override {
    Json request = creation("s1");
    request["Tags"] = {{{"Key", "one"}}, {{"Key", "two"}}, {{"Key", "three"}}};
    ASSERT_TRUE(call("CreateDeliveryStream", request));
  }
};

TEST_F(UntagDeliveryStreamTest, KeysOfNoTagArePassedOver) {
  const auto reply = call_on("s1", "UntagDeliveryStream", {{"TagKeys", {"two", "four"}}});
  ASSERT_TRUE(reply) << reply.error();
  EXPECT_EQ(*reply, Json::object());
  EXPECT_EQ((*call_on("s1", "ListTagsForDeliveryStream"))["Tags"],
            Json({{{"Key", "one"}}, {{"Key", "three"}}}));
}

TEST_F(UntagDeliveryStreamTest, AKeyIsNeeded) {
  EXPECT_THAT(call_on("s1", "UntagDeliveryStream"),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value at 'tagKeys' failed to satisfy "
                        "constraint: Member must not be null"));
  EXPECT_THAT(call_on("s1", "UntagDeliveryStream", {{"TagKeys", Json::array()}}),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value at 'tagKeys' failed to satisfy "
                        "constraint: Member must have length greater than or equal to 1"));
}

TEST_F(UntagDeliveryStreamTest, AnUnknownDeliveryStreamIsNotFound) {
  EXPECT_THAT(
      call_on("foo", "UntagDeliveryStream", {{"TagKeys", {"a"}}}),
      RefusedAs("ResourceNotFoundException", "Firehose foo under account 123456789012 not found."));
}

}  // namespace
}  // namespace hydrant::firehose
