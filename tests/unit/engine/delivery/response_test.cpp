// What the parser makes of the answers of a function, the hostile ones above all.
#include "engine/delivery/transform/response.h"

#include <gtest/gtest.h>

#include <string>

namespace hydrant::delivery::transform {
namespace {

using Shape = Response::Shape;

Shape shape_of(std::string_view payload) { return Response::parse(payload).shape(); }

TEST(ResponseTest, ReadsTheMembersThatMatterInAnyOrder) {
  const auto response = Response::parse(
      R"({"other":[1,{"records":2}],"records":[{"data":"YQ==","x":{"recordId":"no"},)"
      R"("result":"Ok","recordId":"r1"}]})");
  ASSERT_EQ(response.shape(), Shape::records);
  ASSERT_EQ(response.records().size(), 1u);
  EXPECT_EQ(response.records()[0].id, "r1");
  EXPECT_EQ(response.records()[0].result, Result::ok);
  EXPECT_EQ(response.records()[0].data, "YQ==");
}

TEST(ResponseTest, NamesNoRecords) {
  for (const auto* payload : {"{}", R"({"records":null})", R"({"records":[]})", "null", " {} "})
    EXPECT_EQ(shape_of(payload), Shape::nothing) << payload;
}

TEST(ResponseTest, IsMalformed) {
  for (const auto* payload :
       {"", " ", "not json at all", "[]", "1", "\"text\"", R"({"records":{}})",
        R"({"records":"x"})", R"({"records":[1]})", R"({"records":[null]})", R"({"records":[{}])",
        R"({"records":[]} x)", "{\"a\":NaN}"})
    EXPECT_EQ(shape_of(payload), Shape::malformed) << payload;
}

TEST(ResponseTest, InvalidUtf8IsMalformed) {
  EXPECT_EQ(shape_of("{\"records\":[{\"recordId\":\"\xff\xfe\"}]}"), Shape::malformed);
  EXPECT_EQ(shape_of(std::string("{\"records\":[]}\0", 15)), Shape::malformed);
  EXPECT_EQ(shape_of(std::string(1000, '\0')), Shape::malformed);
}

TEST(ResponseTest, DepthIsLimited) {
  for (const std::size_t depth : {100u, 2000u, 1'000'000u}) {
    const auto nested = std::string(depth, '[') + std::string(depth, ']');
    const auto shape = shape_of(R"({"x":)" + nested + "}");
    EXPECT_EQ(shape, depth == 100 ? Shape::nothing : Shape::malformed);
    EXPECT_EQ(shape_of(std::string(depth, '[')), Shape::malformed);
  }
}

TEST(ResponseTest, EveryTruncationIsMalformed) {
  for (const std::string& more :
       {std::string(), std::string(R"(,"n":-1e400,"u":"\udc00\ud83d\ude00")")}) {
    const std::string whole =
        R"({"records":[{"recordId":"a","result":"Ok","data":"YQ==")" + more + "}]}";
    EXPECT_EQ(shape_of(whole), Shape::records);
    for (std::size_t size = 0; size < whole.size(); ++size)
      EXPECT_EQ(shape_of(std::string_view(whole).substr(0, size)), Shape::malformed) << size;
  }
}

const std::string kHuge = "1" + std::string(30, '0');

TEST(ResponseTest, NumbersOfAnySizeAreIgnoredWhereTheyDoNotMatter) {
  for (const std::string& number :
       {kHuge, "-" + kHuge, kHuge + ".5", std::string("1e400"), std::string("-0.1E+999")}) {
    const auto response =
        Response::parse(R"({"count":)" + number + R"(,"records":[{"recordId":"a","result":"Ok",)" +
                        R"("sequenceNumber":)" + number + R"(,"data":"YQ=="}]})");
    ASSERT_EQ(response.records().size(), 1u) << number;
    EXPECT_EQ(response.records()[0].id, "a");
    EXPECT_EQ(response.records()[0].data, "YQ==");
  }
}

TEST(ResponseTest, NumbersOfAnySizeAreNoText) {
  const auto response = Response::parse(R"({"records":[{"recordId":)" + kHuge + R"(,"result":)" +
                                        kHuge + R"(,"data":)" + kHuge + "}]}");
  ASSERT_EQ(response.records().size(), 1u);
  EXPECT_EQ(response.records()[0].id, "");
  EXPECT_EQ(response.records()[0].result, Result::unknown);
  EXPECT_FALSE(response.records()[0].data_valid);
}

TEST(ResponseTest, PartitionKeysKeepTheTextOfNumbers) {
  const std::string keys =
      R"("metadata":{"partitionKeys":{"a":7,"b":1.10,"c":-0,"d":true,"e":"7"}})";
  const auto of = [](const std::string& more) {
    std::vector<std::string> values;
    const auto response = Response::parse(R"({"records":[{)" + more + "}]}");
    for (const auto& key : response.records().at(0).partition_keys) values.push_back(key.value);
    return values;
  };
  EXPECT_EQ(of(R"("x":)" + kHuge + "," + keys), of(keys)) << "whatever else there is";
  EXPECT_EQ(of(R"("metadata":{"partitionKeys":{"a":)" + kHuge + R"(,"b":-1e400,"c":12}})"),
            (std::vector<std::string>{kHuge, "-1e400", "12"}));
}

TEST(ResponseTest, WhatIsNoNumberIsMalformedBesideAHugeOneToo) {
  for (const auto* number : {"01", "-", "1.", ".5", "1e", "1e+", "+1", "--1", "1.2.3", "0x1", "1 2",
                             "1-2", "12a", "a12", "1e5e5", "00", "-01", "Infinity"})
    EXPECT_EQ(shape_of(R"({"a":)" + kHuge + R"(,"b":)" + number + "}"), Shape::malformed) << number;
}

TEST(ResponseTest, HalfASurrogatePairIsReadAsTheReplacementCharacter) {
  const auto id_of = [](const std::string& text) {
    const auto response = Response::parse(R"({"records":[{"recordId":")" + text + "\"}]}");
    return response.records().empty() ? "malformed" : std::string(response.records()[0].id);
  };
  EXPECT_EQ(id_of(R"(\ud800)"), "\uFFFD");
  EXPECT_EQ(id_of(R"(a\uDC00b)"), "a\uFFFDb");
  EXPECT_EQ(id_of(R"(\ud83d\ud83d\ude00)"), "\uFFFD\U0001F600");
  EXPECT_EQ(id_of(R"(\ude00\ud83d)"), "\uFFFD\uFFFD");
  EXPECT_EQ(id_of(R"(\ud83d\n\"\\ude00)"), "\uFFFD\n\"\\ude00");
  EXPECT_EQ(id_of(R"(\ud83d\u0041)"), "\uFFFDA");
  for (const auto* wrong :
       {R"(\ud83d\u)", R"(\ud83d\uXYZW)", R"(\ud83d\q)", R"(\ud83)", "\\ud83d\n"})
    EXPECT_EQ(id_of(wrong), "malformed") << wrong;
}

TEST(ResponseTest, WrongTypesSpoilOnlyTheirRecord) {
  const auto response = Response::parse(
      R"({"records":[{"recordId":1,"result":"Ok"},{"recordId":"b","result":2,"data":"x"},)"
      R"({"recordId":"c","result":"Ok","data":3},{}]})");
  ASSERT_EQ(response.shape(), Shape::records);
  const auto& records = response.records();
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(records[0].id, "");
  EXPECT_EQ(records[1].result, Result::unknown);
  EXPECT_TRUE(records[2].has_data);
  EXPECT_FALSE(records[2].data_valid);
  EXPECT_FALSE(records[3].has_data);
}

TEST(ResponseTest, TheLastOfTwoMembersStands) {
  const auto response = Response::parse(
      R"({"records":[],"records":[{"result":"Ok","recordId":"a","recordId":"b","result":"Dropped",)"
      R"("data":"YQ==","data":null}]})");
  ASSERT_EQ(response.records().size(), 1u);
  EXPECT_EQ(response.records()[0].id, "b");
  EXPECT_EQ(response.records()[0].result, Result::dropped);
  EXPECT_FALSE(response.records()[0].has_data);
}

TEST(ResponseTest, AnIdMayHoldANul) {
  const auto response = Response::parse(R"({"records":[{"recordId":"a\u0000b","result":"Ok"}]})");
  EXPECT_EQ(response.records().at(0).id, std::string_view("a\0b", 3));
}

TEST(ResponseTest, ManyRecordsAreRead) {
  std::string payload = R"({"records":[)";
  constexpr std::size_t kCount = 50'000;
  for (std::size_t i = 0; i < kCount; ++i)
    payload += (i == 0 ? "" : ",") + std::string(R"({"recordId":"same","result":"Ok","data":""})");
  EXPECT_EQ(Response::parse(payload + "]}").records().size(), kCount);
}

}  // namespace
}  // namespace hydrant::delivery::transform
