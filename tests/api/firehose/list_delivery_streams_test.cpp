#include "support/firehose_test.h"

namespace hydrant::firehose {
namespace {

class ListDeliveryStreamsTest : public FirehoseTest {
 protected:
  void create_numbered(int count) {
    for (int i = 0; i < count; ++i) ASSERT_TRUE(create("s-" + std::to_string(i)));
  }
  Json list(const Json& input) {
    const auto reply = call("ListDeliveryStreams", input);
    EXPECT_TRUE(reply) << reply.error();
    return reply ? *reply : Json();
  }
  static Json page(std::vector<std::string> names, bool more) {
    return {{"DeliveryStreamNames", std::move(names)}, {"HasMoreDeliveryStreams", more}};
  }
};

TEST_F(ListDeliveryStreamsTest, WithoutDeliveryStreamsTheListIsEmpty) {
  EXPECT_EQ(list(Json::object()), page({}, false));
}

TEST_F(ListDeliveryStreamsTest, APageHoldsTenUnlessToldOtherwise) {
  create_numbered(12);
  const auto first = list(Json::object());
  EXPECT_EQ(first["DeliveryStreamNames"].size(), 10u);
  EXPECT_EQ(first["HasMoreDeliveryStreams"], true);
  EXPECT_EQ(list({{"Limit", 100}})["DeliveryStreamNames"].size(), 12u);
}

TEST_F(ListDeliveryStreamsTest, NamesComeInTheOrderOfTheirBytes) {
  for (const auto* name : {"b", "a", "B", "a-1"}) ASSERT_TRUE(create(name));
  EXPECT_EQ(list(Json::object()), page({"B", "a", "a-1", "b"}, false));
}

TEST_F(ListDeliveryStreamsTest, ALimitLeavesTheRestForLater) {
  create_numbered(3);
  EXPECT_EQ(list({{"Limit", 1}}), page({"s-0"}, true));
  EXPECT_EQ(list({{"Limit", 3}}), page({"s-0", "s-1", "s-2"}, false));
}

TEST_F(ListDeliveryStreamsTest, APageBeginsBehindTheExclusiveStart) {
  create_numbered(5);
  EXPECT_EQ(list({{"ExclusiveStartDeliveryStreamName", "s-2"}}), page({"s-3", "s-4"}, false));
  EXPECT_EQ(list({{"ExclusiveStartDeliveryStreamName", "s-4"}}), page({}, false));
}

TEST_F(ListDeliveryStreamsTest, TheExclusiveStartNeedNotExist) {
  create_numbered(3);
  EXPECT_EQ(list({{"ExclusiveStartDeliveryStreamName", "s-0a"}}), page({"s-1", "s-2"}, false));
}

TEST_F(ListDeliveryStreamsTest, ATypeLeavesOutTheOthers) {
  create_source();
  ASSERT_TRUE(create("direct"));
  ASSERT_TRUE(call("CreateDeliveryStream", from_kinesis("reader")));
  EXPECT_EQ(list({{"DeliveryStreamType", "DirectPut"}}), page({"direct"}, false));
  EXPECT_EQ(list({{"DeliveryStreamType", "KinesisStreamAsSource"}}), page({"reader"}, false));
  EXPECT_EQ(list({{"DeliveryStreamType", "MSKAsSource"}}), page({}, false));
}

TEST_F(ListDeliveryStreamsTest, ALimitIsAtLeastOne) {
  EXPECT_THAT(call("ListDeliveryStreams", {{"Limit", 0}}),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value at 'limit' failed to satisfy "
                        "constraint: Member must have value greater than or equal to 1"));
}

}  // namespace
}  // namespace hydrant::firehose
