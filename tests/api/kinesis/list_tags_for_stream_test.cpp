#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

class ListTagsForStreamTest : public KinesisTest {
 protected:
  ListTagsForStreamTest() {
    create_stream("s", 1);
    call("AddTagsToStream",
         {{"StreamName", "s"},
          {"Tags", {{"b", "2"}, {"B", "1"}, {"\u00ff", "4"}, {"_", "3"}, {"\U00010400", "5"}}}});
  }

  Answer list(Json more) {
    more["StreamName"] = "s";
    return call("ListTagsForStream", more);
  }
  static std::string values(const Answer& answer) {
    std::string all;
    for (const auto& tag : answer["Tags"]) all += tag.at("Value").get<std::string>();
    return all + (answer["HasMoreTags"].get<bool>() ? "+" : "");
  }
};

TEST_F(ListTagsForStreamTest, TheReplyHasTwoMembers) {
  const auto answer = list({{"Limit", 1}});
  EXPECT_EQ(answer.body,
            Json::parse(R"({"Tags": [{"Key": "B", "Value": "1"}], "HasMoreTags": true})"));
}

TEST_F(ListTagsForStreamTest, KeysAreInTheOrderOfTheirCodePoints) {
  EXPECT_EQ(values(list(Json::object())), "13245");
}

TEST_F(ListTagsForStreamTest, APageGoesOnBehindTheStartKeyWhichNeedNotExist) {
  EXPECT_EQ(values(list({{"ExclusiveStartTagKey", "B"}, {"Limit", 2}})), "32+");
  EXPECT_EQ(values(list({{"ExclusiveStartTagKey", "C$,%!"}})), "3245");
  EXPECT_EQ(values(list({{"ExclusiveStartTagKey", "\u00ff"}})), "5");
}

TEST_F(ListTagsForStreamTest, TheLastPageHasNoMore) {
  EXPECT_EQ(values(list({{"Limit", 5}})), "13245");
}

TEST_F(ListTagsForStreamTest, TheLimitIsFifty) {
  EXPECT_THAT(list({{"Limit", 51}}),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value '51' at 'limit' failed to satisfy "
                        "constraint: Member must have value less than or equal to 50"));
}

TEST_F(ListTagsForStreamTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(
      call("ListTagsForStream", {{"StreamName", "none"}}),
      RefusedAs("ResourceNotFoundException", "Stream none under account 123456789012 not found."));
}

}  // namespace
}  // namespace hydrant::kinesis
