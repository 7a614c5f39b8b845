#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

class TagResourceTest : public KinesisTest {
 protected:
  TagResourceTest() : KinesisTest({.delays = {.consumer = seconds(1)}}) { create_stream("s", 1); }

  Answer tag(const std::string& resource, const Json& tags) {
    return call("TagResource", {{"ResourceARN", resource}, {"Tags", tags}});
  }
  std::string register_consumer() {
    const auto answer =
        call("RegisterStreamConsumer", {{"StreamARN", arn("s")}, {"ConsumerName", "c"}});
    return answer["Consumer"].at("ConsumerARN").get<std::string>();
  }
};

TEST_F(TagResourceTest, TagsOfAStreamAreThoseOfTheStreamApi) {
  const auto answer = tag(arn("s"), {{"k", "v"}});
  EXPECT_THAT(answer, Succeeded());
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(call("ListTagsForStream", {{"StreamName", "s"}})["Tags"],
            Json::parse(R"([{"Key": "k", "Value": "v"}])"));
}

TEST_F(TagResourceTest, AConsumerHasTagsOfItsOwn) {
  const auto consumer = register_consumer();
  advance(seconds(1));
  ASSERT_THAT(tag(consumer, {{"k", "v"}}), Succeeded());
  EXPECT_EQ(call("ListTagsForResource", {{"ResourceARN", consumer}})["Tags"].size(), 1U);
  EXPECT_EQ(call("ListTagsForResource", {{"ResourceARN", arn("s")}})["Tags"].size(), 0U);
}

TEST_F(TagResourceTest, AConsumerIsActiveBeforeItIsTagged) {
  EXPECT_THAT(tag(register_consumer(), {{"k", "v"}}),
              RefusedAs("ResourceInUseException",
                        "Consumer c with creation timestamp 1767225600 under stream s and account "
                        "123456789012 is not in ACTIVE status."));
}

TEST_F(TagResourceTest, CharactersAreTestedAsForStreams) {
  EXPECT_THAT(tag(arn("s"), {{"a%b", "v"}}),
              RefusedAs("InvalidArgumentException",
                        testing::StartsWith("Failed to add tags to stream s under account")));
}

TEST_F(TagResourceTest, AnUnknownResourceIsNotFound) {
  EXPECT_THAT(
      tag(arn("none"), {{"k", "v"}}),
      RefusedAs("ResourceNotFoundException", "Stream none under account 123456789012 not found."));
  EXPECT_THAT(
      tag(arn("s") + "/consumer/c:1", {{"k", "v"}}),
      RefusedAs("ResourceNotFoundException", "Consumer c, account 123456789012 not found."));
}

TEST_F(TagResourceTest, AConsumerOfAnEarlierTimeIsNotFound) {
  const auto consumer = register_consumer();
  EXPECT_THAT(
      tag(consumer + "1", {{"k", "v"}}),
      RefusedAs("ResourceNotFoundException", "Consumer c, account 123456789012 not found."));
}

TEST_F(TagResourceTest, ATextThatIsNoArnIsRefused) {
  for (const auto* text : {"s", "arn:aws:kinesis:us-east-1:12345678901:stream/s",
                           "arn:aws:kinesis:us-east-1:123456789012:stream/",
                           "arn:aws:kinesis:us-east-1:123456789012:stream/a b"})
    EXPECT_THAT(tag(text, {{"k", "v"}}),
                RefusedAs("ValidationException",
                          "1 validation error detected: Value '" + std::string(text) +
                              "' at 'resourceARN' failed to satisfy constraint: Member must "
                              "satisfy regular expression pattern: "
                              "arn:aws.*:kinesis:.*:\\d{12}:.*stream/\\S+"));
}

TEST_F(TagResourceTest, AnArnOfAnotherKindIsRefused) {
  EXPECT_THAT(tag("arn:aws:kinesis:us-east-1:123456789012:other/stream/s", {{"k", "v"}}),
              RefusedAs("InvalidArgumentException", "Invalid ResourceARN."));
}

}  // namespace
}  // namespace hydrant::kinesis
