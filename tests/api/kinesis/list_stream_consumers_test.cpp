#include "support/consumer_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ListStreamConsumersTest : public ConsumerTest {
 protected:
  Answer list(const Json& more = Json::object()) {
    Json input = {{"StreamARN", arn("s")}};
    input.update(more);
    return call("ListStreamConsumers", input);
  }
  static std::vector<std::string> names_of(const Answer& answer) {
    std::vector<std::string> names;
    if (answer.status != 200) return {answer.text};
    for (const auto& consumer : answer["Consumers"])
      names.push_back(consumer.at("ConsumerName").get<std::string>());
    return names;
  }
};

TEST_F(ListStreamConsumersTest, NoneIsAnEmptyList) {
  EXPECT_EQ(list().body, Json({{"Consumers", Json::array()}}));
}

TEST_F(ListStreamConsumersTest, AConsumerHasFourMembers) {
  const auto consumer = enrolled("c");
  EXPECT_EQ(list()["Consumers"], Json({{{"ConsumerName", "c"},
                                        {"ConsumerARN", consumer},
                                        {"ConsumerStatus", "ACTIVE"},
                                        {"ConsumerCreationTimestamp", kStartSecond}}}));
}

TEST_F(ListStreamConsumersTest, ATokenGoesOnWhereThePageEnded) {
  for (const auto* name : {"b", "c", "a"}) enroll(name);
  const auto first = list({{"MaxResults", 2}});
  EXPECT_THAT(names_of(first), ElementsAre("a", "b"));
  const auto second = list({{"MaxResults", 2}, {"NextToken", first["NextToken"]}});
  EXPECT_THAT(names_of(second), ElementsAre("c"));
  EXPECT_FALSE(second.body.contains("NextToken"));
}

TEST_F(ListStreamConsumersTest, ATokenIsGoodForFiveMinutes) {
  for (const auto* name : {"a", "b"}) enroll(name);
  const auto token = list({{"MaxResults", 1}})["NextToken"];
  advance(seconds(300));
  EXPECT_THAT(list({{"NextToken", token}}), Succeeded());
  advance(milliseconds(1));
  EXPECT_EQ(list({{"NextToken", token}})["__type"], "ExpiredNextTokenException");
}

TEST_F(ListStreamConsumersTest, ATokenOfAnotherStreamOrKindIsRefused) {
  create_stream("other", 2);
  for (const auto* name : {"a", "b"}) enroll(name, "other");
  const auto of_other =
      call("ListStreamConsumers", {{"StreamARN", arn("other")}, {"MaxResults", 1}})["NextToken"];
  const auto of_shards =
      call("ListShards", {{"StreamName", "other"}, {"MaxResults", 1}})["NextToken"];
  for (const Json& token : {of_other, of_shards, Json("nonsense")})
    EXPECT_THAT(list({{"NextToken", token}}),
                RefusedAs("InvalidArgumentException", "NextToken is invalid."));
}

TEST_F(ListStreamConsumersTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(
      call("ListStreamConsumers", {{"StreamARN", arn("none")}}),
      RefusedAs("ResourceNotFoundException", "Stream none under account 123456789012 not found."));
}

TEST_F(ListStreamConsumersTest, AStreamThatIsCreatedAnewHasNone) {
  enroll("c");
  call("DeleteStream", {{"StreamName", "s"}, {"EnforceConsumerDeletion", true}});
  create_stream("s", 1);
  EXPECT_THAT(names_of(list()), IsEmpty());
}

}  // namespace
}  // namespace hydrant::kinesis
