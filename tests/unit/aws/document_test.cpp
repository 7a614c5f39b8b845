// Deep documents: checked against a shape and kept as they came.
#include "aws/document.h"

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "aws/codec/json_reader.h"
#include "aws/codec/json_reply_writer.h"
#include "net/message.h"

namespace hydrant::aws {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::string_view kColours[] = {"RED", "GREEN"};

Shape scalar(Target target, Rules rules = {}) {
  Shape shape;
  shape.target = target;
  shape.rules = rules;
  return shape;
}
Shape list(const Shape& element) {
  Shape shape = scalar(Target::list, length(1, 2));
  shape.element = &element;
  return shape;
}
Shape structure(std::vector<ShapeMember> members) {
  Shape shape;
  shape.members = std::move(members);
  return shape;
}
Shape fraction() {
  Shape shape = scalar(Target::floating);
  shape.double_max = 1;
  return shape;
}

const Shape text_shape = scalar(Target::text, length(1, 5));
const Shape colour_shape = scalar(Target::text, one_of(kColours));
const Shape number_shape = scalar(Target::integer, range(1, 10));
const Shape long_shape = scalar(Target::long_integer);
const Shape double_shape = fraction();
const Shape flag_shape = scalar(Target::boolean);
const Shape tags_shape = scalar(Target::map);
const Shape texts_shape = list(text_shape);
const Shape leaf_shape = structure({{"Name", &text_shape, true}, {"Size", &number_shape}});
const Shape leaves_shape = list(leaf_shape);
const Shape root_shape = structure({{"Colour", &colour_shape},
                                    {"Number", &number_shape},
                                    {"Long", &long_shape},
                                    {"Double", &double_shape},
                                    {"Flag", &flag_shape},
                                    {"Texts", &texts_shape},
                                    {"Tags", &tags_shape},
                                    {"Leaf", &leaf_shape},
                                    {"Leaves", &leaves_shape}});

class DocumentTest : public testing::Test {
 protected:
  Result<Json> read(const std::string& json) {
    body_ = std::make_unique<char[]>(json.size() + net::kBodyPadding);
    std::copy(json.begin(), json.end(), body_.get());
    JsonReader reader({body_.get(), json.size()}, scratch_);
    return read_document(reader, root_shape, true);
  }
  std::string kept(const std::string& json) {
    const auto document = read(json);
    return document ? document->dump() : document.error().code;
  }
  std::string refusal(const std::string& json) {
    const auto document = read(json);
    if (document) return "(taken)";
    return document.error().code + ": " + document.error().message.value_or("(none)");
  }

  JsonScratch scratch_;
  std::unique_ptr<char[]> body_;
};

TEST_F(DocumentTest, MembersStayInTheOrderInWhichTheyCame) {
  EXPECT_EQ(kept(R"({"Leaf": {"Size": 2, "Name": "n"}, "Colour": "RED"})"),
            R"({"Leaf":{"Size":2,"Name":"n"},"Colour":"RED"})");
}

TEST_F(DocumentTest, UnknownMembersAreDropped) {
  EXPECT_EQ(kept(R"({"X": {"Y": [1]}, "Leaf": {"Z": 1, "Name": "n"}})"),
            R"({"Leaf":{"Name":"n"}})");
}

TEST_F(DocumentTest, NullMembersAreAbsent) {
  EXPECT_EQ(kept(R"({"Colour": null, "Tags": {"a": null, "b": "c"}})"), R"({"Tags":{"b":"c"}})");
}

TEST_F(DocumentTest, NullInAListBreaksARule) {
  const auto missing = [](const std::string& path) {
    return "ValidationException: 1 validation error detected: Value null at '" + path +
           "' failed to satisfy constraint: Member must not be null";
  };
  EXPECT_EQ(refusal(R"({"Leaves": [{"Name": "a"}, null]})"), missing("leaves.2.member"));
  EXPECT_EQ(refusal(R"({"Texts": [null, "a"]})"), missing("texts.1.member"));
  EXPECT_THAT(refusal(R"({"Texts": [null, "a", "b"]})"),
              AllOf(HasSubstr("2 validation errors"), HasSubstr("at 'texts' failed"),
                    HasSubstr("Value null at 'texts.1.member'")));
}

TEST_F(DocumentTest, OfAMemberGivenTwiceTheLastOneCounts) {
  EXPECT_EQ(kept(R"({"Number": 1, "Number": 2})"), R"({"Number":2})");
}

TEST_F(DocumentTest, IntegersAreTruncatedAndClamped) {
  EXPECT_EQ(kept(R"({"Number": 2.9})"), R"({"Number":2})");
  EXPECT_THAT(refusal(R"({"Number": 99999999999})"), HasSubstr("Value '2147483647' at 'number'"));
}

TEST_F(DocumentTest, SomeWordsAreBooleans) {
  for (const std::string word : {"true", "TRUE", "1", "yes", "Yes"})
    EXPECT_EQ(kept("{\"Flag\": \"" + word + "\"}"), R"({"Flag":true})") << word;
  for (const std::string word : {"false", "False", "0", "no", "NO"})
    EXPECT_EQ(kept("{\"Flag\": \"" + word + "\"}"), R"({"Flag":false})") << word;
  EXPECT_EQ(refusal(R"({"Flag": "on"})"),
            "SerializationException: 'ON' can not be converted to an Boolean");
  EXPECT_EQ(refusal(R"({"Flag": 1})"),
            "SerializationException: class "
            "com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an "
            "Boolean");
}

TEST_F(DocumentTest, DoublesAreKept) {
  EXPECT_EQ(kept(R"({"Double": 0.25})"), R"({"Double":0.25})");
}

TEST_F(DocumentTest, DoublesHaveBounds) {
  EXPECT_THAT(refusal(R"({"Double": 1.5})"), HasSubstr("less than or equal to 1"));
  EXPECT_THAT(refusal(R"({"Double": -0.5})"), HasSubstr("greater than or equal to 0"));
}

TEST_F(DocumentTest, TypesAreCheckedInTheOrderOfTheDocumentAndBeforeRules) {
  EXPECT_EQ(refusal(R"({"Colour": "BLUE", "Flag": [], "Number": "x"})"),
            "SerializationException: Start of list found where not expected");
}

TEST_F(DocumentTest, EachTypeHasItsText) {
  EXPECT_EQ(refusal(R"({"Leaf": 1})"), "SerializationException: Expected null");
  EXPECT_EQ(refusal(R"({"Leaves": 1})"), "SerializationException: Expected list or null");
  EXPECT_EQ(refusal(R"({"Tags": 1})"), "SerializationException: Expected map or null");
  EXPECT_EQ(refusal(R"({"Long": "1"})"),
            "SerializationException: class java.lang.String can not be converted to an Long");
  EXPECT_EQ(refusal(R"({"Leaf": {"Name": true}})"),
            "SerializationException: class java.lang.Boolean can not be converted to an String");
}

TEST_F(DocumentTest, RulesAreListedInTheOrderOfTheShape) {
  EXPECT_EQ(refusal(R"({"Leaf": {}, "Number": 0, "Colour": "BLUE"})"),
            "ValidationException: 3 validation errors detected: Value 'BLUE' at 'colour' failed to "
            "satisfy constraint: Member must satisfy enum value set: [RED, GREEN]; Value '0' at "
            "'number' failed to satisfy constraint: Member must have value greater than or equal "
            "to 1; Value null at 'leaf.name' failed to satisfy constraint: Member must not be "
            "null");
}

TEST_F(DocumentTest, WhatComesBeforeRulesComesBehindTypes) {
  Shape shape = root_shape;
  shape.before_rules = [](const Json& typed) -> std::optional<Error> {
    if (typed.contains("Leaf")) return Error("First", "leaf");
    return std::nullopt;
  };
  const auto code = [&](const Json& document) {
    return check_document(document, shape, true).error().code;
  };
  EXPECT_EQ(code({{"Colour", "BLUE"}, {"Leaf", Json::object()}}), "First");
  EXPECT_EQ(code({{"Leaf", Json::object()}, {"Number", "x"}}), "SerializationException");
  EXPECT_EQ(code({{"Colour", "BLUE"}}), "ValidationException");
}

TEST_F(DocumentTest, PathsLeadIntoElements) {
  EXPECT_THAT(refusal(R"({"Leaves": [{"Name": "a"}, {"Name": ""}]})"),
              HasSubstr("Value '' at 'leaves.2.member.name'"));
}

TEST_F(DocumentTest, ListsHaveALength) {
  EXPECT_THAT(refusal(R"({"Texts": []})"), HasSubstr("Value '[]' at 'texts'"));
  EXPECT_THAT(refusal(R"({"Leaves": [{"Name":"a"},{"Name":"b"},{"Name":"c"}]})"),
              HasSubstr("at 'leaves' failed to satisfy constraint: Member must have length less"));
}

TEST_F(DocumentTest, TenViolationsAreTheMost) {
  std::string leaves = "{}";
  for (int i = 1; i < 20; ++i) leaves += ",{}";
  EXPECT_THAT(refusal(R"({"Leaves": [)" + leaves + "]}"),
              HasSubstr("10 validation errors detected: "));
}

TEST_F(DocumentTest, BrokenDocumentsHaveNoMessage) {
  for (const auto* json :
       {"", "[]", "{", R"({"Leaf": [})", R"({"Leaf": {"Name": "a"]})", "{} x", R"({"X": tru})"})
    EXPECT_EQ(refusal(json), "SerializationException: (none)") << json;
}

TEST_F(DocumentTest, VastDepthIsNoDanger) {
  std::string maps, lists;
  for (int i = 0; i < 50'000; ++i) maps += "{\"a\":";
  lists.assign(100'000, '[');
  EXPECT_EQ(refusal("{\"X\":" + lists), "SerializationException: (none)");
  EXPECT_EQ(refusal(maps), "SerializationException: (none)");
}

// By a search for each of them this would take minutes.
TEST_F(DocumentTest, AMultitudeOfMembersThatNobodyKnowsCostsLittle) {
  std::string members = "\"Number\": 1";
  for (int i = 0; i < 300'000; ++i) members += ",\"x" + std::to_string(i) + "\":{\"y\":[1]}";
  EXPECT_EQ(kept("{" + members + "}"), R"({"Number":1})");
}

TEST_F(DocumentTest, MoreEntriesThanAnyMapHasAreNoRequest) {
  std::string entries = "\"k\": \"v\"";
  for (int i = 0; i < 20'000; ++i) entries += ",\"k" + std::to_string(i) + "\":\"v\"";
  EXPECT_EQ(refusal(R"({"Tags": {)" + entries + "}}"), "SerializationException: (none)");
}

TEST_F(DocumentTest, AListThatIsMuchTooLongBreaksItsRule) {
  std::string texts = "\"a\"";
  for (int i = 0; i < 100'000; ++i) texts += ",\"a\"";
  EXPECT_THAT(refusal(R"({"Texts": [)" + texts + "]}"),
              HasSubstr("at 'texts' failed to satisfy constraint: Member must have length less"));
}

TEST_F(DocumentTest, ADocumentThatIsThereAlreadyIsCheckedAlike) {
  const auto document = check_document(Json{{"Leaf", {{"Name", "n"}, {"Z", 1}}}}, root_shape, true);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->dump(), R"({"Leaf":{"Name":"n"}})");
  EXPECT_EQ(check_document(Json(1), root_shape, true).error().message, "Expected null");
}

TEST_F(DocumentTest, ADocumentIsWrittenAsItIs) {
  std::string out;
  JsonReplyWriter writer(out);
  const std::string text = R"({"b":[1,-2.5,true,"x\n"],"a":{"c":{}}})";
  write_document(writer, Json::parse(text));
  EXPECT_EQ(out, text);
}

}  // namespace
}  // namespace hydrant::aws
