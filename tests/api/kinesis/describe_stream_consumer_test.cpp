#include "support/consumer_test.h"

namespace hydrant::kinesis {
namespace {

using testing::HasSubstr;

class DescribeStreamConsumerTest : public ConsumerTest {};

TEST_F(DescribeStreamConsumerTest, TellsTheConsumerAndItsStream) {
  const auto consumer = enrolled("c");
  EXPECT_EQ(describe({{"ConsumerARN", consumer}}).body,
            Json({{"ConsumerDescription",
                   {{"ConsumerName", "c"},
                    {"ConsumerARN", consumer},
                    {"ConsumerStatus", "ACTIVE"},
                    {"ConsumerCreationTimestamp", kStartSecond},
                    {"StreamARN", arn("s")}}}}));
}

TEST_F(DescribeStreamConsumerTest, EveryWayOfNamingItGivesTheSame) {
  const auto consumer = enrolled("c");
  const auto by_arn = describe({{"ConsumerARN", consumer}});
  EXPECT_EQ(describe({{"StreamARN", arn("s")}, {"ConsumerName", "c"}}).body, by_arn.body);
  EXPECT_EQ(describe({{"StreamARN", arn("s")}, {"ConsumerARN", consumer}}).body, by_arn.body);
  EXPECT_EQ(
      describe({{"StreamARN", arn("s")}, {"ConsumerName", "c"}, {"ConsumerARN", consumer}}).body,
      by_arn.body);
}

TEST_F(DescribeStreamConsumerTest, NamesThatDoNotAgreeAreRefused) {
  const auto consumer = enrolled("c");
  EXPECT_THAT(describe({{"StreamARN", arn("other")}, {"ConsumerARN", consumer}}),
              RefusedAs("InvalidArgumentException",
                        "ConsumerARN does not match StreamARN and ConsumerName."));
}

TEST_F(DescribeStreamConsumerTest, HalfOfANameIsNotEnough) {
  for (const Json& half :
       {Json::object(), Json({{"StreamARN", arn("s")}}), Json({{"ConsumerName", "c"}})})
    EXPECT_THAT(describe(half),
                RefusedAs("InvalidArgumentException", HasSubstr("must be provided")));
}

// The second of the creation is part of the ARN.
TEST_F(DescribeStreamConsumerTest, TheArnOfAnEarlierConsumerIsNotFound) {
  enrolled("c");
  EXPECT_THAT(
      describe({{"ConsumerARN", arn("s") + "/consumer/c:1"}}),
      RefusedAs("ResourceNotFoundException", "Consumer c, account 123456789012 not found."));
}

TEST_F(DescribeStreamConsumerTest, AnArnOfAnUnknownStreamNamesTheStream) {
  EXPECT_THAT(
      describe({{"ConsumerARN", arn("none") + "/consumer/c:1"}}),
      RefusedAs("ResourceNotFoundException", "Stream none under account 123456789012 not found."));
}

TEST_F(DescribeStreamConsumerTest, WhatIsNoConsumerArnBreaksItsPattern) {
  for (const auto* text : {"c", "arn:aws:kinesis:us-east-1:123456789012:stream/s",
                           "arn:aws:kinesis:us-east-1:123456789012:stream/s/consumer/c",
                           "arn:aws:kinesis:us-east-1:12345:stream/s/consumer/c:1",
                           "arn:aws:kinesis:us-east-1:123456789012:stream/s/consumer/c:x",
                           "arn:aws:kinesis:us-east-1:123456789012:stream/s/t/consumer/c:1"})
    EXPECT_THAT(describe({{"ConsumerARN", text}}),
                RefusedAs("ValidationException",
                          HasSubstr("Member must satisfy regular expression pattern: ^(arn):aws.*:"
                                    "kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/"
                                    "[a-zA-Z0-9_.-]+:[0-9]+")))
        << text;
}

TEST_F(DescribeStreamConsumerTest, AnArnIsResolvedByItsOwnRegion) {
  const auto consumer = enrolled("c");
  EXPECT_THAT(call_as(kAccount, "eu-west-1", "DescribeStreamConsumer", {{"ConsumerARN", consumer}}),
              Succeeded());
}

}  // namespace
}  // namespace hydrant::kinesis
