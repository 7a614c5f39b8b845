#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using ListTagsForResourceTest = KinesisTest;

TEST_F(ListTagsForResourceTest, TheReplyIsTheTagsAlone) {
  create_stream("s", 1, {{"Tags", {{"b", "2"}, {"a", "1"}}}});
  EXPECT_EQ(call("ListTagsForResource", {{"ResourceARN", arn("s")}}).body,
            Json::parse(R"({"Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]})"));
}

TEST_F(ListTagsForResourceTest, AConsumerHasThoseOfItsRegistration) {
  create_stream("s", 1);
  const auto registered =
      call("RegisterStreamConsumer",
           {{"StreamARN", arn("s")}, {"ConsumerName", "c"}, {"Tags", {{"k", "v"}}}});
  const auto consumer = registered["Consumer"].at("ConsumerARN").get<std::string>();
  EXPECT_EQ(call("ListTagsForResource", {{"ResourceARN", consumer}}).body,
            Json::parse(R"({"Tags": [{"Key": "k", "Value": "v"}]})"));
}

TEST_F(ListTagsForResourceTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(
      call("ListTagsForResource", {{"ResourceARN", arn("none")}}),
      RefusedAs("ResourceNotFoundException", "Stream none under account 123456789012 not found."));
}

TEST_F(ListTagsForResourceTest, TheArnSaysWhichRegion) {
  create_stream("s", 1, {{"Tags", {{"k", "v"}}}});
  EXPECT_THAT(
      call("ListTagsForResource", {{"ResourceARN", arn("s", "eu-west-1")}}),
      RefusedAs("ResourceNotFoundException", "Stream s under account 123456789012 not found."));
}

}  // namespace
}  // namespace hydrant::kinesis
