#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ListStreamsTest : public KinesisTest {
 protected:
  using KinesisTest::KinesisTest;

  Answer list(const Json& input = Json::object()) { return call("ListStreams", input); }
  static std::vector<std::string> names(const Answer& answer) {
    if (answer.status != 200) return {"(" + answer.text + ")"};
    return answer["StreamNames"].get<std::vector<std::string>>();
  }
};

TEST_F(ListStreamsTest, WithoutStreamsTheListsAreEmpty) {
  EXPECT_EQ(list().body,
            Json::parse(R"({"HasMoreStreams":false,"StreamNames":[],"StreamSummaries":[]})"));
}

TEST_F(ListStreamsTest, NamesAreInTheOrderOfTheirCodePoints) {
  for (const auto* name : {"b", "B", "a-1", "a"}) create_stream(name, 1);
  EXPECT_THAT(names(list()), ElementsAre("B", "a", "a-1", "b"));
}

TEST_F(ListStreamsTest, ASummaryGoesWithEachName) {
  advance(milliseconds(250));
  create_stream("s", 1);
  EXPECT_EQ(list()["StreamSummaries"], Json::parse(R"([{
      "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "StreamName": "s",
      "StreamCreationTimestamp": 1767225600, "StreamStatus": "ACTIVE",
      "StreamModeDetails": {"StreamMode": "PROVISIONED"}}])"));
}

TEST_F(ListStreamsTest, ATokenLeadsToTheNextPage) {
  for (const auto* name : {"a", "b", "c"}) create_stream(name, 1);
  const auto first = list({{"Limit", 2}});
  EXPECT_THAT(names(first), ElementsAre("a", "b"));
  EXPECT_EQ(first["HasMoreStreams"], true);
  const auto second = list({{"Limit", 2}, {"NextToken", first["NextToken"]}});
  EXPECT_THAT(names(second), ElementsAre("c"));
  EXPECT_EQ(second["HasMoreStreams"], false);
  EXPECT_FALSE(second.body.contains("NextToken"));
}

TEST_F(ListStreamsTest, APageMayBeginBehindANameThatDoesNotExist) {
  for (const auto* name : {"a", "c"}) create_stream(name, 1);
  EXPECT_THAT(names(list({{"ExclusiveStartStreamName", "b"}})), ElementsAre("c"));
  EXPECT_THAT(names(list({{"ExclusiveStartStreamName", "c"}})), ElementsAre());
}

TEST_F(ListStreamsTest, APageHoldsAHundredNamesHoweverManyAreAskedFor) {
  for (int i = 0; i < 101; ++i) create_stream("s" + std::to_string(i), 1);
  EXPECT_EQ(names(list()).size(), 100U);
  EXPECT_EQ(names(list({{"Limit", 10000}})).size(), 100U);
}

TEST_F(ListStreamsTest, ATokenLives300Seconds) {
  for (const auto* name : {"a", "b"}) create_stream(name, 1);
  const auto token = list({{"Limit", 1}})["NextToken"];
  advance(seconds(300));
  EXPECT_THAT(names(list({{"NextToken", token}})), ElementsAre("b"));
  advance(microseconds(1));
  EXPECT_THAT(list({{"NextToken", token}}),
              RefusedAs("ExpiredNextTokenException", HasSubstr("300 seconds")));
}

TEST_F(ListStreamsTest, WhatIsNoTokenIsRefused) {
  EXPECT_THAT(list({{"NextToken", "AAAA"}}),
              RefusedAs("InvalidArgumentException", "NextToken is invalid."));
}

TEST_F(ListStreamsTest, ATokenOfAnotherListIsRefused) {
  create_stream("s", 2);
  const auto token = call("ListShards", {{"StreamName", "s"}, {"MaxResults", 1}})["NextToken"];
  EXPECT_THAT(list({{"NextToken", token}}),
              RefusedAs("InvalidArgumentException", "NextToken is invalid."));
}

TEST_F(ListStreamsTest, LimitLiesBetween1And10000) {
  EXPECT_THAT(list({{"Limit", 0}}),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value '0' at 'limit' failed to satisfy "
                        "constraint: Member must have value greater than or equal to 1"));
  EXPECT_THAT(list({{"Limit", 10001}}),
              RefusedAs("ValidationException", HasSubstr("less than or equal to 10000")));
}

TEST_F(ListStreamsTest, AnotherAccountAndAnotherRegionHaveTheirOwn) {
  create_stream("mine", 1);
  call_as("210987654321", kRegion, "CreateStream", {{"StreamName", "theirs"}, {"ShardCount", 1}});
  call_as(kAccount, "eu-west-1", "CreateStream", {{"StreamName", "away"}, {"ShardCount", 1}});
  EXPECT_THAT(names(list()), ElementsAre("mine"));
  EXPECT_THAT(names(call_as("210987654321", kRegion, "ListStreams", Json::object())),
              ElementsAre("theirs"));
  EXPECT_THAT(names(call_as(kAccount, "eu-west-1", "ListStreams", Json::object())),
              ElementsAre("away"));
}

class DelayedListStreamsTest : public ListStreamsTest {
 protected:
  DelayedListStreamsTest()
      : ListStreamsTest({.delays = {.create = seconds(1), .remove = seconds(1)}}) {}
};

TEST_F(DelayedListStreamsTest, StreamsThatComeAndGoAreListed) {
  create_stream("going", 1);
  call("DeleteStream", {{"StreamName", "going"}});
  call("CreateStream", {{"StreamName", "coming"}, {"ShardCount", 1}});
  EXPECT_THAT(names(list()), ElementsAre("coming", "going"));
  advance(seconds(1));
  EXPECT_THAT(names(list()), ElementsAre("coming"));
}

}  // namespace
}  // namespace hydrant::kinesis
