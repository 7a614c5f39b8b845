#include "aws/codec/query.h"

#include <gtest/gtest.h>

#include "aws/shape.h"

namespace hydrant::aws {
namespace {

struct Item {
  static constexpr std::string_view kTypeName = "Item";
  std::string_view name;
  static constexpr auto shape() { return fields(field("Name", &Item::name)); }
};
struct Inside {
  std::optional<std::string_view> text;
  static constexpr auto shape() { return fields(field("Text", &Inside::text)); }
};
struct Input {
  std::optional<std::string_view> action, empty;
  std::optional<std::vector<Item>> items;
  std::optional<Inside> inside;
  static constexpr auto shape() {
    return fields(field("Action", &Input::action), field("Empty", &Input::empty),
                  field("Items", &Input::items), field("Inside", &Input::inside));
  }
};

// Decoded from a document that stays as long as the test.
class QueryTest : public testing::Test {
 protected:
  const Input& decode(const std::string& body) {
    document_ = std::make_unique<QueryDocument>(body);
    QueryReader reader(document_->root());
    input_ = {};
    EXPECT_EQ(Decoder(reader, true).decode(input_), std::nullopt);
    EXPECT_TRUE(reader.finished());
    return input_;
  }

  std::unique_ptr<QueryDocument> document_;
  Input input_;
};

TEST_F(QueryTest, EscapesAndPlusesAreDecoded) {
  EXPECT_EQ(decode("Action=a%26b+c%2B").action, "a&b c+");
}

TEST_F(QueryTest, AnEmptyValueIsATextAndNoAbsence) {
  EXPECT_EQ(decode("Empty=").empty, "");
  EXPECT_EQ(decode("Empty").empty, "");
  EXPECT_EQ(decode("Action=x").empty, std::nullopt);
}

TEST_F(QueryTest, ElementsComeInTheOrderOfTheirNumbers) {
  std::string body;
  for (int i = 11; i >= 1; --i)
    body += "Items.member." + std::to_string(i) + ".Name=n" + std::to_string(i) + "&";
  const auto& items = *decode(body).items;
  ASSERT_EQ(items.size(), 11U);
  EXPECT_EQ(items[1].name, "n2");
  EXPECT_EQ(items[10].name, "n11");
}

TEST_F(QueryTest, AListEndsWhereANumberIsMissing) {
  EXPECT_EQ(decode("Items.member.1.Name=a&Items.member.3.Name=c").items->size(), 1U);
}

TEST_F(QueryTest, ADotLeadsIntoAStructure) {
  EXPECT_EQ(decode("Inside.Text=x&Inside.Other=y").inside->text, "x");
}

TEST_F(QueryTest, MembersBehindAStructureAreStillRead) {
  const auto& input = decode("Items.member.1.Name=a&Inside.Text=x&Unknown.member.1=z&Action=b");
  EXPECT_EQ(input.action, "b");
  EXPECT_EQ(input.inside->text, "x");
  EXPECT_EQ(input.items->at(0).name, "a");
}

TEST_F(QueryTest, NamesDeeperThanAnyDocumentArePassedOver) {
  std::string name = "a";
  for (int i = 0; i < 100; ++i) name += ".a";
  EXPECT_EQ(decode(name + "=x&Action=b").action, "b");
}

TEST(QueryDocumentTest, AFieldIsFoundWithoutAReader) {
  const QueryDocument document("Action=PutMetricData&Version=2010-08-01");
  EXPECT_EQ(document.field("Version"), "2010-08-01");
  EXPECT_EQ(document.field("Other"), "");
}

}  // namespace
}  // namespace hydrant::aws
