#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

class UntagResourceTest : public KinesisTest {
 protected:
  UntagResourceTest() { create_stream("s", 1, {{"Tags", {{"a", "1"}, {"b", "2"}}}}); }

  Answer untag(const std::string& resource, const Json& keys) {
    return call("UntagResource", {{"ResourceARN", resource}, {"TagKeys", keys}});
  }
};

TEST_F(UntagResourceTest, NamedKeysOfAStreamAreGone) {
  const auto answer = untag(arn("s"), {"a", "unknown"});
  EXPECT_THAT(answer, Succeeded());
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(call("ListTagsForResource", {{"ResourceARN", arn("s")}})["Tags"],
            Json::parse(R"([{"Key": "b", "Value": "2"}])"));
}

TEST_F(UntagResourceTest, NamedKeysOfAConsumerAreGone) {
  const auto registered =
      call("RegisterStreamConsumer",
           {{"StreamARN", arn("s")}, {"ConsumerName", "c"}, {"Tags", {{"a", "1"}, {"b", "2"}}}});
  const auto consumer = registered["Consumer"].at("ConsumerARN").get<std::string>();
  EXPECT_THAT(untag(consumer, {"b"}), Succeeded());
  EXPECT_EQ(call("ListTagsForResource", {{"ResourceARN", consumer}})["Tags"],
            Json::parse(R"([{"Key": "a", "Value": "1"}])"));
}

TEST_F(UntagResourceTest, KeysMeetTheTestsOfTags) {
  EXPECT_THAT(untag(arn("s"), {"a%b"}),
              RefusedAs("InvalidArgumentException",
                        testing::StartsWith("Failed to remove tags from stream s under account")));
}

TEST_F(UntagResourceTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(
      untag(arn("none"), {"a"}),
      RefusedAs("ResourceNotFoundException", "Stream none under account 123456789012 not found."));
}

}  // namespace
}  // namespace hydrant::kinesis
