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
        R"({"records":[]} x)", R"({"records":[{"recordId":"\ud800"}]})", "{\"a\":NaN}"})
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
  const std::string whole = R"({"records":[{"recordId":"a","result":"Ok","data":"YQ=="}]})";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(shape_of(std::string_view(whole).substr(0, size)), Shape::malformed) << size;
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
