#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

class RemoveTagsFromStreamTest : public KinesisTest {
 protected:
  RemoveTagsFromStreamTest() { create_stream("s", 1, {{"Tags", {{"a", "1"}, {"b", "2"}}}}); }

  Answer remove(const Json& keys, const std::string& stream = "s") {
    return call("RemoveTagsFromStream", {{"StreamName", stream}, {"TagKeys", keys}});
  }
};

TEST_F(RemoveTagsFromStreamTest, NamedKeysAreGoneAndUnknownOnesPassedOver) {
  const auto answer = remove({"a", "unknown"});
  EXPECT_THAT(answer, Succeeded());
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(call("ListTagsForStream", {{"StreamName", "s"}})["Tags"],
            Json::parse(R"([{"Key": "b", "Value": "2"}])"));
}

TEST_F(RemoveTagsFromStreamTest, KeysMeetTheTestsOfTags) {
  EXPECT_THAT(remove({"a,b"}),
              RefusedAs("InvalidArgumentException",
                        "Some tags contain invalid characters. Valid characters: Unicode letters, "
                        "digits, white space, _ . / = + - % @."));
  EXPECT_THAT(remove({"a%b"}),
              RefusedAs("InvalidArgumentException",
                        "Failed to remove tags from stream s under account 123456789012 because "
                        "some tags contained illegal characters. The allowed characters are "
                        "Unicode letters, white-spaces, '_',',','/','=','+','-','@'."));
}

TEST_F(RemoveTagsFromStreamTest, TheStreamIsLookedForFirst) {
  EXPECT_THAT(
      remove({"a,b"}, "none"),
      RefusedAs("ResourceNotFoundException", "Stream none under account 123456789012 not found."));
}

TEST_F(RemoveTagsFromStreamTest, FiftyKeysAreTheMost) {
  EXPECT_THAT(remove(std::vector<std::string>(51, "k")),
              RefusedAs("ValidationException",
                        testing::HasSubstr("at 'tagKeys' failed to satisfy constraint: Member must "
                                           "have length less than or equal to 50")));
}

}  // namespace
}  // namespace hydrant::kinesis
