#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::HasSubstr;

constexpr const char* kFirstTest =
    "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, "
    "_ . / = + - % @.";
constexpr const char* kSecondTest =
    "Failed to add tags to stream s under account 123456789012 because some tags contained illegal "
    "characters. The allowed characters are Unicode letters, white-spaces, "
    "'_',',','/','=','+','-','@'.";

class AddTagsToStreamTest : public KinesisTest {
 protected:
  AddTagsToStreamTest() { create_stream("s", 1); }

  Answer add(const Json& tags, const std::string& stream = "s") {
    return call("AddTagsToStream", {{"StreamName", stream}, {"Tags", tags}});
  }
  Json tags() { return call("ListTagsForStream", {{"StreamName", "s"}})["Tags"]; }
  static Json numbered(int from, int to) {
    Json tags;
    for (int i = from; i < to; ++i) tags[std::to_string(i)] = "v";
    return tags;
  }
};

TEST_F(AddTagsToStreamTest, TheReplyIsEmpty) {
  const auto answer = add({{"k", "v"}});
  EXPECT_THAT(answer, Succeeded());
  EXPECT_EQ(answer.text, "");
}

TEST_F(AddTagsToStreamTest, AKeyThatIsThereIsOverwritten) {
  add({{"k", "old"}, {"other", "o"}});
  add({{"k", "new"}});
  EXPECT_EQ(tags(), Json::parse(R"([{"Key": "k", "Value": "new"},
                                    {"Key": "other", "Value": "o"}])"));
}

TEST_F(AddTagsToStreamTest, AnEmptyValueIsKept) {
  add({{"k", ""}});
  EXPECT_EQ(tags(), Json::parse(R"([{"Key": "k", "Value": ""}])"));
}

TEST_F(AddTagsToStreamTest, LettersDigitsAndSpacesOfAnyScriptAreTaken) {
  for (const auto* text :
       {"\u00fc0 _./=+-@:", "\u65e5\u672c\u8a9e", "\u0416\u0663\u00a0", "\U0001d400\u2167"})
    EXPECT_THAT(add({{text, text}}), Succeeded()) << text;
}

TEST_F(AddTagsToStreamTest, OtherCharactersAreRefusedInKeysAndValues) {
  for (const auto* text : {"a\tb", "a\nb", "a,b", "a!b", "a\u20acb", "a\U0001f600b", "a\u0301b"}) {
    EXPECT_THAT(add({{text, "v"}}), RefusedAs("InvalidArgumentException", kFirstTest)) << text;
    EXPECT_THAT(add({{"k", text}}), RefusedAs("InvalidArgumentException", kFirstTest)) << text;
  }
}

TEST_F(AddTagsToStreamTest, APercentSignPassesTheFirstTestAndNotTheSecond) {
  EXPECT_THAT(add({{"a%b", "v"}}), RefusedAs("InvalidArgumentException", kSecondTest));
  EXPECT_THAT(add({{"k", "a%b"}}), RefusedAs("InvalidArgumentException", kSecondTest));
}

TEST_F(AddTagsToStreamTest, AllTagsMeetTheFirstTestBeforeAnyMeetsTheSecond) {
  EXPECT_THAT(add({{"a%b", "v"}, {"z", "a,b"}}), RefusedAs("InvalidArgumentException", kFirstTest));
}

TEST_F(AddTagsToStreamTest, TheStreamIsLookedForBeforeTheTagsAreTested) {
  EXPECT_THAT(
      add({{"a,b", "v"}}, "none"),
      RefusedAs("ResourceNotFoundException", "Stream none under account 123456789012 not found."));
}

TEST_F(AddTagsToStreamTest, KeysOfTheServiceAreReserved) {
  EXPECT_THAT(add({{"aws:x", "v"}}), RefusedAs("InvalidArgumentException", HasSubstr("aws:")));
  EXPECT_THAT(add({{"AWS:x", "v"}}), RefusedAs("InvalidArgumentException", HasSubstr("aws:")));
  EXPECT_THAT(add({{"aws", "aws:x"}}), Succeeded());
}

TEST_F(AddTagsToStreamTest, FiftyTagsAreTheMostAndNothingOfALargerRequestIsKept) {
  ASSERT_THAT(add(numbered(0, 45)), Succeeded());
  EXPECT_THAT(add(numbered(40, 51)),
              RefusedAs("InvalidArgumentException",
                        "Failed to add tags to stream s under account 123456789012 because a given "
                        "stream cannot have more than 50 tags associated with it."));
  EXPECT_EQ(tags().size(), 45U);
  EXPECT_THAT(add(numbered(40, 50)), Succeeded());
  EXPECT_EQ(tags().size(), 50U);
}

TEST_F(AddTagsToStreamTest, AKeyIsLongerThanNothingAndNotLongerThan128) {
  EXPECT_THAT(add({{std::string(129, 'k'), "v"}}),
              RefusedAs("ValidationException",
                        HasSubstr("Map keys must satisfy constraint: [Member must have length less "
                                  "than or equal to 128, Member must have length greater than or "
                                  "equal to 1]")));
}

TEST_F(AddTagsToStreamTest, TagsAreAskedFor) {
  EXPECT_THAT(call("AddTagsToStream", {{"StreamName", "s"}}),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value null at 'tags' failed to satisfy "
                        "constraint: Member must not be null"));
}

TEST_F(AddTagsToStreamTest, TheSameNameInAnotherAccountOrRegionHasTagsOfItsOwn) {
  add({{"k", "v"}});
  for (const auto& [account, region] :
       {std::pair{"210987654321", kRegion}, std::pair{kAccount, "eu-west-1"}}) {
    call_as(account, region, "CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}});
    const auto listed = call_as(account, region, "ListTagsForStream", {{"StreamName", "s"}});
    EXPECT_EQ(listed["Tags"], Json::array());
  }
}

TEST_F(AddTagsToStreamTest, ARecreatedStreamHasNone) {
  add({{"k", "v"}});
  call("DeleteStream", {{"StreamName", "s"}});
  create_stream("s", 1);
  EXPECT_EQ(tags(), Json::array());
}

class DelayedAddTagsToStreamTest : public KinesisTest {
 protected:
  DelayedAddTagsToStreamTest() : KinesisTest({.delays = {.create = seconds(1)}}) {}
};

TEST_F(DelayedAddTagsToStreamTest, TagsOfCreationAreSeenAtOnceAndChangedOnlyWhenActive) {
  call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}, {"Tags", {{"k", "v"}}}});
  EXPECT_EQ(call("ListTagsForStream", {{"StreamName", "s"}})["Tags"].size(), 1U);
  const Json more = {{"StreamName", "s"}, {"Tags", {{"l", "w"}}}};
  EXPECT_THAT(call("AddTagsToStream", more),
              RefusedAs("ResourceInUseException",
                        "Stream s under account 123456789012 not ACTIVE, instead in state "
                        "CREATING"));
  advance(seconds(1));
  EXPECT_THAT(call("AddTagsToStream", more), Succeeded());
}

}  // namespace
}  // namespace hydrant::kinesis
