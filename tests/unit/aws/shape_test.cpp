// A declared input against documents: the texts of wrong types and of broken rules.
#include "aws/shape.h"

#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/codec/json_reader.h"
#include "aws/codec/json_reply_writer.h"
#include "net/message.h"

namespace hydrant::aws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kColours[] = {"RED", "GREEN"};
constexpr Pattern kLetters{"[a-z]+", [](std::string_view text) {
                             return !text.empty() &&
                                    text.find_first_not_of("abcdefghijklmnopqrstuvwxyz") ==
                                        std::string_view::npos;
                           }};
constexpr Rules kElement = length(1, 3);
constexpr Rules kColour = one_of(kColours);

struct Inner {
  static constexpr std::string_view kTypeName = "Inner";
  std::string_view word;
  std::optional<Blob> bytes;
  static constexpr auto shape() {
    return fields(field("Word", &Inner::word, length(1, 5)),
                  field("Bytes", &Inner::bytes, length(0, 4)));
  }
};

struct Everything {
  std::optional<std::string_view> text, letters, colour;
  std::optional<std::int32_t> number;
  std::optional<std::int64_t> long_number;
  std::optional<bool> flag;
  std::optional<Blob> blob;
  std::optional<TimePoint> time;
  std::optional<std::vector<std::string_view>> words, colours;
  std::optional<TextMap> map;
  std::optional<Inner> inner;
  std::vector<Inner> inners;

  static constexpr auto shape() {
    return fields(
        field("Text", &Everything::text, length(1, 5)),
        field("Letters", &Everything::letters, matching(kLetters).with_length(2, 4)),
        field("Colour", &Everything::colour, kColour),
        field("Number", &Everything::number, range(1, 10)),
        field("LongNumber", &Everything::long_number, range(1)), field("Flag", &Everything::flag),
        field("Blob", &Everything::blob, length(1, 4)), field("Time", &Everything::time),
        field("Words", &Everything::words, list_of(kElement, 1, 2)),
        field("Colours", &Everything::colours, list_of(kColour, 1, 2)),
        field("Map", &Everything::map, map_of(kElement, kElement, 1, 2)),
        field("Inner", &Everything::inner), field("Inners", &Everything::inners, length(1, 2)));
  }
};

constexpr const char* kNumberClass =
    "class com.amazon.coral.value.json.numbers.TruncatingBigNumber";

class ShapeTest : public testing::Test {
 protected:
  // The document stays where it is: what was decoded points into it.
  std::optional<Error> decode(const std::string& json, bool show_values = true) {
    body_ = std::make_unique<char[]>(json.size() + net::kBodyPadding);
    std::copy(json.begin(), json.end(), body_.get());
    JsonReader reader({body_.get(), json.size()}, scratch_);
    in_ = {};
    return Decoder(reader, show_values).decode(in_);
  }
  // The message for a document that is good but for one member.
  std::string refusal(const std::string& member, bool show_values = true) {
    const auto error = decode(R"({"Inners": [{"Word": "w"}], )" + member + "}", show_values);
    if (!error) return "(taken)";
    return error->code + ": " + error->message.value_or("(none)");
  }
  std::string wrong_type(const std::string& member) {
    const auto text = refusal(member);
    constexpr std::string_view kHead = "SerializationException: ";
    return text.starts_with(kHead) ? text.substr(kHead.size()) : "(" + text + ")";
  }
  static std::string number_to(const std::string& target) {
    return kNumberClass + (" can not be converted to " + target);
  }
  std::string broken(const std::string& member) {
    const auto text = refusal(member);
    constexpr std::string_view kHead = "ValidationException: 1 validation error detected: ";
    return text.starts_with(kHead) ? text.substr(kHead.size()) : "(" + text + ")";
  }

  JsonScratch scratch_;
  std::unique_ptr<char[]> body_;
  Everything in_;
};

constexpr const char* kNoListHere = "Start of list found where not expected";
constexpr const char* kNoMapHere = "Start of structure or map found where not expected.";

TEST_F(ShapeTest, MembersAreBoundToTheStruct) {
  ASSERT_FALSE(decode(R"({"Text": "a\u00e4", "Number": 7, "LongNumber": 9007199254740993,
                          "Flag": true, "Blob": "Zm9v", "Time": 1.5, "Words": ["x", "y"],
                          "Map": {"k": "v"}, "Inner": {"Word": "in"},
                          "Inners": [{"Word": "one"}, {"Word": "two", "Bytes": ""}]})"));
  EXPECT_EQ(in_.text, "a\xC3\xA4");
  EXPECT_EQ(in_.number, 7);
  EXPECT_EQ(in_.long_number, 9007199254740993);
  EXPECT_EQ(in_.flag, true);
  EXPECT_EQ(in_.blob->bytes, "foo");
  EXPECT_EQ(in_.time, TimePoint(std::chrono::milliseconds(1500)));
  EXPECT_THAT(*in_.words, ElementsAre("x", "y"));
  EXPECT_THAT(*in_.map, ElementsAre(testing::Pair("k", "v")));
  EXPECT_EQ(in_.inner->word, "in");
  ASSERT_EQ(in_.inners.size(), 2U);
  EXPECT_EQ(in_.inners[1].word, "two");
  EXPECT_EQ(in_.inners[1].bytes->bytes, "");
}

TEST_F(ShapeTest, NullAndAbsenceAreTheSame) {
  ASSERT_FALSE(decode(R"({"Text": null, "Inners": [{"Word": "w", "Bytes": null}]})"));
  EXPECT_FALSE(in_.text);
  EXPECT_FALSE(in_.inners[0].bytes);
  EXPECT_EQ(decode(R"({"Inners": null})")->message,
            "1 validation error detected: Value null at 'inners' failed to satisfy constraint: "
            "Member must not be null");
}

TEST_F(ShapeTest, OfAMemberGivenTwiceTheLastOneCounts) {
  ASSERT_FALSE(decode(R"({"Number": 1, "Number": 2, "Inners": [{"Word": "a"}],
                          "Inners": [{"Word": "b"}]})"));
  EXPECT_EQ(in_.number, 2);
  ASSERT_EQ(in_.inners.size(), 1U);
  EXPECT_EQ(in_.inners[0].word, "b");
}

TEST_F(ShapeTest, NamesOfMembersMayBeWrittenWithEscapes) {
  ASSERT_FALSE(decode(R"({"N\u0075mber": 3, "Inners": [{"Word": "w"}]})"));
  EXPECT_EQ(in_.number, 3);
}

TEST_F(ShapeTest, NamesDifferByCase) {
  ASSERT_FALSE(decode(R"({"number": 3, "Inners": [{"Word": "w"}]})"));
  EXPECT_FALSE(in_.number);
}

TEST_F(ShapeTest, ATextTakesNoOtherScalar) {
  EXPECT_EQ(wrong_type(R"("Text": true)"),
            "class java.lang.Boolean can not be converted to an String");
  EXPECT_EQ(wrong_type(R"("Text": -1.5e3)"), number_to("an String"));
}

TEST_F(ShapeTest, AnIntegerTakesNoOtherScalar) {
  EXPECT_EQ(wrong_type(R"("Number": "1")"),
            "class java.lang.String can not be converted to an Integer");
  EXPECT_EQ(wrong_type(R"("Number": false)"),
            "class java.lang.Boolean can not be converted to an Integer");
}

TEST_F(ShapeTest, ALongTakesNoOtherScalar) {
  EXPECT_EQ(wrong_type(R"("LongNumber": "1")"),
            "class java.lang.String can not be converted to an Long");
  EXPECT_EQ(wrong_type(R"("LongNumber": false)"),
            "class java.lang.Boolean can not be converted to an Long");
}

TEST_F(ShapeTest, ABooleanTakesAFewWordsAndNoNumber) {
  for (const std::string word : {"true", "TRUE", "1", "yes", "Yes"}) {
    EXPECT_EQ(refusal("\"Flag\": \"" + word + "\""), "(taken)");
    EXPECT_EQ(in_.flag, true) << word;
  }
  for (const std::string word : {"false", "False", "0", "no"}) {
    EXPECT_EQ(refusal("\"Flag\": \"" + word + "\""), "(taken)");
    EXPECT_EQ(in_.flag, false) << word;
  }
  EXPECT_EQ(wrong_type(R"("Flag": "oui")"), "'OUI' can not be converted to an Boolean");
  EXPECT_EQ(wrong_type(R"("Flag": 1)"), number_to("an Boolean"));
}

TEST_F(ShapeTest, ABlobTakesNoOtherScalar) {
  EXPECT_EQ(wrong_type(R"("Blob": true)"),
            "class java.lang.Boolean can not be converted to a Blob");
  EXPECT_EQ(wrong_type(R"("Blob": 1)"), number_to("a Blob"));
}

TEST_F(ShapeTest, ABlobIsBase64) {
  EXPECT_EQ(wrong_type(R"("Blob": "23456")"),
            "'23456' can not be converted to a Blob: Base64 encoded length is expected a multiple "
            "of 4 bytes but found: 5");
  EXPECT_EQ(wrong_type(R"("Blob": "=+/=")"),
            "'=+/=' can not be converted to a Blob: Invalid Base64 character: '='");
  EXPECT_EQ(wrong_type(R"("Blob": "+/+=")"),
            "'+/+=' can not be converted to a Blob: Invalid last non-pad Base64 character "
            "dectected");
}

TEST_F(ShapeTest, ABlobMayBeWrittenWithEscapes) {
  EXPECT_EQ(refusal(R"("Blob": "+\/+\u002f")"), "(taken)");
  EXPECT_EQ(in_.blob->bytes, "\xFB\xFF\xBF");
}

TEST_F(ShapeTest, ATimestampIsANumber) {
  EXPECT_EQ(wrong_type(R"("Time": "1")"),
            "class java.lang.String can not be converted to milliseconds since epoch");
  EXPECT_EQ(wrong_type(R"("Time": true)"),
            "class java.lang.Boolean can not be converted to milliseconds since epoch");
}

TEST_F(ShapeTest, NoScalarTakesAListOrAMap) {
  for (const std::string name : {"Text", "Number", "LongNumber", "Flag", "Blob", "Time"}) {
    EXPECT_EQ(wrong_type('"' + name + "\": []"), kNoListHere) << name;
    EXPECT_EQ(wrong_type('"' + name + "\": {}"), kNoMapHere) << name;
  }
}

TEST_F(ShapeTest, AListTakesNothingElse) {
  for (const std::string value : {"\"x\"", "1", "true"})
    EXPECT_EQ(wrong_type("\"Words\": " + value), "Expected list or null");
  EXPECT_EQ(wrong_type(R"("Words": {})"), kNoMapHere);
}

TEST_F(ShapeTest, AMapTakesNothingElse) {
  for (const std::string value : {"\"x\"", "1", "true"})
    EXPECT_EQ(wrong_type("\"Map\": " + value), "Expected map or null");
  EXPECT_EQ(wrong_type(R"("Map": [])"), kNoListHere);
}

TEST_F(ShapeTest, AStructureTakesNothingElse) {
  for (const std::string value : {"\"x\"", "1", "true"}) {
    EXPECT_EQ(wrong_type("\"Inner\": " + value), "Expected null");
    EXPECT_EQ(wrong_type("\"Inners\": [" + value + "]"), "Expected null");
  }
  EXPECT_EQ(wrong_type(R"("Inner": [])"), kNoListHere);
}

TEST_F(ShapeTest, ElementsAndValuesHaveTypesToo) {
  EXPECT_EQ(wrong_type(R"("Words": ["a", 1])"), number_to("an String"));
  EXPECT_EQ(wrong_type(R"("Map": {"k": true})"),
            "class java.lang.Boolean can not be converted to an String");
  EXPECT_EQ(wrong_type(R"("Inners": [{"Word": 1}])"), number_to("an String"));
}

TEST_F(ShapeTest, OfSeveralWrongTypesTheFirstOfTheDocumentIsNamed) {
  EXPECT_EQ(wrong_type(R"("Flag": 1, "Text": true)"), number_to("an Boolean"));
}

TEST_F(ShapeTest, IntegersAreTruncatedAndClamped) {
  EXPECT_EQ(refusal(R"("Number": 2.9)"), "(taken)");
  EXPECT_EQ(in_.number, 2);
  EXPECT_THAT(broken(R"("Number": 99999999999)"), StartsWith("Value '2147483647' at 'number'"));
  EXPECT_THAT(broken(R"("Number": -99999999999)"), StartsWith("Value '-2147483648' at 'number'"));
  EXPECT_THAT(broken(R"("Number": 1e300)"), StartsWith("Value '2147483647' at 'number'"));
  EXPECT_THAT(broken(R"("Number": 123456789012345678901234567890)"),
              StartsWith("Value '2147483647'"));
}

TEST_F(ShapeTest, ARangeHasTwoEnds) {
  EXPECT_EQ(broken(R"("Number": 0)"),
            "Value '0' at 'number' failed to satisfy constraint: Member must have value greater "
            "than or equal to 1");
  EXPECT_EQ(broken(R"("Number": 11)"),
            "Value '11' at 'number' failed to satisfy constraint: Member must have value less than "
            "or equal to 10");
}

TEST_F(ShapeTest, ALengthHasTwoEnds) {
  EXPECT_EQ(broken(R"("Text": "")"),
            "Value '' at 'text' failed to satisfy constraint: Member must have length greater than "
            "or equal to 1");
  EXPECT_EQ(broken(R"("Text": "abcdef")"),
            "Value 'abcdef' at 'text' failed to satisfy constraint: Member must have length less "
            "than or equal to 5");
}

TEST_F(ShapeTest, LengthsAreCountedInUtf16Units) {
  EXPECT_EQ(refusal(R"("Text": "\u00e4\u00e4\u00e4\u00e4\u00e4")"), "(taken)");
  EXPECT_EQ(refusal(R"("Text": "a\ud83d\ude00\ud83d\ude00")"), "(taken)");
  EXPECT_THAT(broken(R"("Text": "ab\ud83d\ude00\ud83d\ude00")"), HasSubstr("less than"));
}

TEST_F(ShapeTest, APatternIsNamedBeforeTheLength) {
  EXPECT_EQ(refusal(R"("Letters": "")"),
            "ValidationException: 2 validation errors detected: Value '' at 'letters' failed to "
            "satisfy constraint: Member must satisfy regular expression pattern: [a-z]+; Value '' "
            "at 'letters' failed to satisfy constraint: Member must have length greater than or "
            "equal to 2");
}

TEST_F(ShapeTest, AnEnumNamesItsValues) {
  EXPECT_EQ(broken(R"("Colour": "BLUE")"),
            "Value 'BLUE' at 'colour' failed to satisfy constraint: Member must satisfy enum value "
            "set: [RED, GREEN]");
}

TEST_F(ShapeTest, ABlobIsPrintedAsJavaPrintsABuffer) {
  EXPECT_EQ(broken(R"("Blob": "Zm9vYmFy")"),
            "Value 'java.nio.HeapByteBuffer[pos=0 lim=6 cap=6]' at 'blob' failed to satisfy "
            "constraint: Member must have length less than or equal to 4");
}

TEST_F(ShapeTest, AListIsPrintedInBrackets) {
  EXPECT_EQ(broken(R"("Words": [])"),
            "Value '[]' at 'words' failed to satisfy constraint: Member must have length greater "
            "than or equal to 1");
  EXPECT_EQ(broken(R"("Words": ["a", "b", "c"])"),
            "Value '[a, b, c]' at 'words' failed to satisfy constraint: Member must have length "
            "less than or equal to 2");
}

TEST_F(ShapeTest, RulesOfElementsAreNamedAtTheList) {
  EXPECT_EQ(broken(R"("Words": ["a", "bcde"])"),
            "Value '[a, bcde]' at 'words' failed to satisfy constraint: Member must satisfy "
            "constraint: [Member must have length less than or equal to 3, Member must have length "
            "greater than or equal to 1]");
  EXPECT_EQ(broken(R"("Colours": ["RED", "BLUE"])"),
            "Value '[RED, BLUE]' at 'colours' failed to satisfy constraint: Member must satisfy "
            "constraint: [Member must satisfy enum value set: [RED, GREEN]]");
}

TEST_F(ShapeTest, RulesOfKeysAndValuesAreNamedAtTheMap) {
  EXPECT_EQ(broken(R"("Map": {"": "v"})"),
            "Value '{=v}' at 'map' failed to satisfy constraint: Map keys must satisfy constraint: "
            "[Member must have length less than or equal to 3, Member must have length greater "
            "than or equal to 1]");
  EXPECT_EQ(broken(R"("Map": {"a": "v", "b": "long"})"),
            "Value '{a=v, b=long}' at 'map' failed to satisfy constraint: Map value must satisfy "
            "constraint: [Member must have length less than or equal to 3, Member must have length "
            "greater than or equal to 1]");
  EXPECT_THAT(broken(R"("Map": {})"), StartsWith("Value '{}' at 'map'"));
}

TEST_F(ShapeTest, AListOfStructuresIsPrintedAsJavaPrintsObjects) {
  EXPECT_EQ(decode(R"({"Inners": [{"Word": "a"}, {"Word": "b", "Bytes": "AAA="}, {"Word": "c"}]})")
                ->message,
            "1 validation error detected: Value '[Inner(word=a, bytes=null), Inner(word=b, "
            "bytes=java.nio.HeapByteBuffer[pos=0 lim=2 cap=2]), Inner(word=c, bytes=null)]' at "
            "'inners' failed to satisfy constraint: Member must have length less than or equal to "
            "2");
}

TEST_F(ShapeTest, PathsLeadIntoStructuresAndElements) {
  EXPECT_EQ(broken(R"("Inner": {})"),
            "Value null at 'inner.word' failed to satisfy constraint: Member must not be null");
  EXPECT_EQ(decode(R"({"Inners": [{"Word": "a"}, {}]})")->message,
            "1 validation error detected: Value null at 'inners.2.member.word' failed to satisfy "
            "constraint: Member must not be null");
}

TEST_F(ShapeTest, WithoutValuesTheRestOfTheSentenceStays) {
  EXPECT_EQ(refusal(R"("Number": 0)", false),
            "ValidationException: 1 validation error detected: Value at 'number' failed to satisfy "
            "constraint: Member must have value greater than or equal to 1");
}

TEST_F(ShapeTest, TenViolationsAreListedAndCountedTheListsOwnFirst) {
  std::string elements = "{}";
  for (int i = 1; i < 15; ++i) elements += ", {}";
  const auto error = decode(R"({"Inners": [)" + elements + "]}");
  EXPECT_THAT(*error->message,
              StartsWith("10 validation errors detected: Value '[Inner(word=null, bytes=null), "));
  EXPECT_THAT(*error->message,
              HasSubstr("' at 'inners' failed to satisfy constraint: Member must have length less "
                        "than or equal to 2; Value null at 'inners.1.member.word'"));
  EXPECT_THAT(*error->message, HasSubstr("'inners.9.member.word'"));
  EXPECT_EQ(error->message->find("inners.10"), std::string::npos);
}

TEST_F(ShapeTest, NullIsNoElement) {
  EXPECT_EQ(decode(R"({"Inners": [{"Word": "a"}, null]})")->message,
            "1 validation error detected: Value null at 'inners.2.member' failed to satisfy "
            "constraint: Member must not be null");
  EXPECT_THAT(broken(R"("Words": ["a", null])"),
              StartsWith("Value '[a, null]' at 'words' failed to satisfy constraint: Member must "
                         "satisfy constraint: ["));
  EXPECT_EQ(refusal(R"("Words": ["a", ""])").find("null"), std::string::npos);
}

TEST_F(ShapeTest, AListThatIsMuchTooLongIsNotKept) {
  std::string elements = "{}";
  for (int i = 1; i < 30'000; ++i) elements += ",{}";
  EXPECT_THAT(*decode(R"({"Inners": [)" + elements + "]}")->message,
              HasSubstr("Member must have length less than or equal to 2"));
  EXPECT_EQ(in_.inners.size(), 20'000U);
}

TEST_F(ShapeTest, ABrokenDocumentIsMalformedAndHasNoMessage) {
  for (const std::string document :
       {R"({"Number": 0, "Inners": [}])", R"({"Number": 0)", "[]", ""}) {
    const auto error = decode(document);
    ASSERT_TRUE(error) << document;
    EXPECT_EQ(error->code, "SerializationException") << document;
    EXPECT_FALSE(error->message) << document;
  }
}

}  // namespace
}  // namespace hydrant::aws
