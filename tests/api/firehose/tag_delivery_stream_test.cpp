#include "support/firehose_test.h"

namespace hydrant::firehose {
namespace {

class TagDeliveryStreamTest : public FirehoseTest {
 protected:
  void SetUp() override { ASSERT_TRUE(create("s1")); }
  Result<Json> tag(const Json& tags) {
    return call_on("s1", "TagDeliveryStream", {{"Tags", tags}});
  }
  static Json one(const std::string& key, const std::string& value) {
    return {{"Key", key}, {"Value", value}};
  }
  static Json many(int count, const std::string& head) {
    Json tags = Json::array();
    for (int i = 0; i < count; ++i) tags.push_back(one(head + std::to_string(i), "v"));
    return tags;
  }
  Json listed() { return (*call_on("s1", "ListTagsForDeliveryStream"))["Tags"]; }
};

TEST_F(TagDeliveryStreamTest, ATagOfTheSameKeyIsReplacedWhereItStands) {
  ASSERT_TRUE(tag({one("b", "1"), one("a", "1")}));
  const auto reply = tag({one("b", "2"), {{"Key", "c"}}});
  ASSERT_TRUE(reply) << reply.error();
  EXPECT_EQ(*reply, Json::object());
  EXPECT_EQ(listed(), Json({one("b", "2"), one("a", "1"), {{"Key", "c"}}}));
}

TEST_F(TagDeliveryStreamTest, ThereAreFiftyAtMost) {
  ASSERT_TRUE(tag(many(49, "a")));
  EXPECT_THAT(tag(many(2, "b")),
              RefusedAs("LimitExceededException",
                        "Failed to add tags to delivery stream s1 under account 123456789012 "
                        "because a given delivery stream cannot have more than 50 tags associated "
                        "with it."));
  EXPECT_EQ(listed().size(), 49U);
  EXPECT_TRUE(tag(many(1, "b")));
  EXPECT_TRUE(tag(many(50, "a")).has_error());
}

TEST_F(TagDeliveryStreamTest, ACallHasOneToFifty) {
  EXPECT_THAT(tag(Json::array()),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value at 'tags' failed to satisfy "
                        "constraint: Member must have length greater than or equal to 1"));
  EXPECT_THAT(tag(many(51, "a")),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value at 'tags' failed to satisfy "
                        "constraint: Member must have length less than or equal to 50"));
}

TEST_F(TagDeliveryStreamTest, ATagIsNotNull) {
  EXPECT_THAT(tag(Json::array({nullptr})),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value at 'tags.1.member' failed to satisfy "
                        "constraint: Member must not be null"));
}

TEST_F(TagDeliveryStreamTest, KeysOfAwsAreReserved) {
  EXPECT_THAT(tag(Json::array({one("aws:x", "1")})),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value at 'tags.1.member.key' failed to "
                        "satisfy constraint: Member must satisfy regular expression pattern: "
                        "^(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@%]*$"));
}

TEST_F(TagDeliveryStreamTest, LettersOfEveryScriptAreLetters) {
  EXPECT_TRUE(tag(Json::array({one("데이터 1", "é_.:/=+-@%")})));
  EXPECT_FALSE(tag(Json::array({one("a", "1!")})));
  EXPECT_FALSE(tag(Json::array({one("a\u2603", "1")})));
}

TEST_F(TagDeliveryStreamTest, AnUnknownDeliveryStreamIsNotFound) {
  EXPECT_THAT(
      call_on("foo", "TagDeliveryStream", {{"Tags", Json::array({one("a", "1")})}}),
      RefusedAs("ResourceNotFoundException", "Firehose foo under account 123456789012 not found."));
}

}  // namespace
}  // namespace hydrant::firehose
