#include "support/firehose_test.h"

namespace hydrant::firehose {
namespace {

class ListTagsForDeliveryStreamTest : public FirehoseTest {
 protected:
  void SetUp() override {
    Json request = creation("s1");
    request["Tags"] = {{{"Key", "one"}, {"Value", "1"}},
                       {{"Key", "two"}, {"Value", "2"}},
                       {{"Key", "three"}, {"Value", "3"}}};
    ASSERT_TRUE(call("CreateDeliveryStream", request));
  }
  // "one two +": with a plus if there are more.
  std::string keys(const Json& more) {
    const auto reply = call_on("s1", "ListTagsForDeliveryStream", more);
    EXPECT_TRUE(reply) << reply.error();
    std::string text;
    for (const auto& tag : (*reply)["Tags"]) text += tag["Key"].get<std::string>() + " ";
    return text + ((*reply)["HasMoreTags"].get<bool>() ? "+" : "");
  }
};

TEST_F(ListTagsForDeliveryStreamTest, TagsStandInTheOrderOfTheirCreation) {
  EXPECT_EQ(keys(Json::object()), "one two three ");
}

TEST_F(ListTagsForDeliveryStreamTest, APageEndsAtItsLimit) {
  EXPECT_EQ(keys({{"Limit", 1}}), "one +");
  EXPECT_EQ(keys({{"Limit", 3}}), "one two three ");
}

TEST_F(ListTagsForDeliveryStreamTest, APageBeginsBehindItsStart) {
  EXPECT_EQ(keys({{"ExclusiveStartTagKey", "one"}, {"Limit", 1}}), "two +");
  EXPECT_EQ(keys({{"ExclusiveStartTagKey", "three"}}), "");
  EXPECT_EQ(keys({{"ExclusiveStartTagKey", "unknown"}}), "one two three ");
}

TEST_F(ListTagsForDeliveryStreamTest, TheLimitHasBounds) {
  EXPECT_THAT(call_on("s1", "ListTagsForDeliveryStream", {{"Limit", 51}}),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value at 'limit' failed to satisfy "
                        "constraint: Member must have value less than or equal to 50"));
}

TEST_F(ListTagsForDeliveryStreamTest, AnUnknownDeliveryStreamIsNotFound) {
  EXPECT_THAT(
      call_on("foo", "ListTagsForDeliveryStream"),
      RefusedAs("ResourceNotFoundException", "Firehose foo under account 123456789012 not found."));
}

}  // namespace
}  // namespace hydrant::firehose
