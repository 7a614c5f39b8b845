#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class MergeShardsTest : public KinesisTest {
 protected:
  explicit MergeShardsTest(Duration delay = Duration{0})
      : KinesisTest({.delays = {.reshard = delay}}) {}
  void SetUp() override { create_stream("s", 3); }

  Answer merge(const std::string& lower, const std::string& upper,
               const std::string& stream = "s") {
    return call("MergeShards",
                {{"StreamName", stream}, {"ShardToMerge", lower}, {"AdjacentShardToMerge", upper}});
  }
  static std::string not_adjacent(int first, int second) {
    return "Shards " + shard_name(first) + " and " + shard_name(second) +
           " in stream s under account 123456789012 are not an adjacent pair of shards eligible "
           "for merging";
  }
};

TEST_F(MergeShardsTest, TheReplyIsEmpty) {
  const auto answer = merge("shard-1", "shard-2");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text, "");
}

TEST_F(MergeShardsTest, TheChildSpansBothParents) {
  merge("1", "2");
  const auto all = shards("s");
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all.at(3).at("ParentShardId"), shard_name(1));
  EXPECT_EQ(all.at(3).at("AdjacentParentShardId"), shard_name(2));
  EXPECT_EQ(all.at(3).at("HashKeyRange"),
            Json::parse(R"({"StartingHashKey": "113427455640312821154458202477256070485",
                            "EndingHashKey": "340282366920938463463374607431768211455"})"));
}

TEST_F(MergeShardsTest, BothParentsAreClosed) {
  merge("1", "2");
  const auto all = shards("s");
  EXPECT_TRUE(is_open(all.at(0)));
  EXPECT_FALSE(is_open(all.at(1)));
  EXPECT_FALSE(is_open(all.at(2)));
}

TEST_F(MergeShardsTest, TheLowerShardIsNamedFirst) {
  EXPECT_THAT(merge("1", "0"), RefusedAs("InvalidArgumentException", not_adjacent(1, 0)));
}

TEST_F(MergeShardsTest, ShardsThatDoNotAdjoinAreRefused) {
  EXPECT_THAT(merge("0", "2"), RefusedAs("InvalidArgumentException", not_adjacent(0, 2)));
}

// The top of the ring does not adjoin its bottom.
TEST_F(MergeShardsTest, TheLastShardHasNoNeighbourAbove) {
  EXPECT_THAT(merge("2", "0"), RefusedAs("InvalidArgumentException", not_adjacent(2, 0)));
}

TEST_F(MergeShardsTest, AShardIsNotItsOwnNeighbour) {
  EXPECT_THAT(merge("1", "1"), RefusedAs("InvalidArgumentException", not_adjacent(1, 1)));
}

TEST_F(MergeShardsTest, AClosedShardIsNotMergedAgain) {
  merge("0", "1");
  EXPECT_THAT(merge("1", "2"),
              RefusedAs("InvalidArgumentException", HasSubstr("has already been merged or split")));
}

TEST_F(MergeShardsTest, UnreadableIdsAreRefusedBeforeTheStreamIsLookedUp) {
  for (const std::string id : {"2147483648", "shardId-002147483648", "ABKLFD8"}) {
    const auto refused =
        RefusedAs("ResourceNotFoundException",
                  "Could not find shard " + id + " in stream none under account 123456789012.");
    EXPECT_THAT(merge(id, "a-0", "none"), refused);
    EXPECT_THAT(merge("a-0", id, "none"), refused);
  }
}

TEST_F(MergeShardsTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(
      merge("a-0", "-00002147483647", "none"),
      RefusedAs("ResourceNotFoundException", "Stream none under account 123456789012 not found."));
}

TEST_F(MergeShardsTest, AnUnknownShardIsNotFoundByItsFullName) {
  EXPECT_THAT(merge("shardId-5", "a-0"), RefusedAs("ResourceNotFoundException",
                                                   "Could not find shard shardId-000000000005 in "
                                                   "stream s under account 123456789012."));
}

TEST_F(MergeShardsTest, AnOnDemandStreamReshardsItself) {
  call("CreateStream", {{"StreamName", "d"}});
  EXPECT_THAT(merge("0", "1", "d"), RefusedAs("ValidationException", HasSubstr("On-Demand mode.")));
}

TEST_F(MergeShardsTest, BothShardsAreRequired) {
  EXPECT_THAT(call("MergeShards", {{"StreamName", "s"}}),
              RefusedAs("ValidationException",
                        "2 validation errors detected: Value null at 'shardToMerge' failed to "
                        "satisfy constraint: Member must not be null; Value null at "
                        "'adjacentShardToMerge' failed to satisfy constraint: Member must not be "
                        "null"));
}

TEST_F(MergeShardsTest, NoRecordIsLostAndTheOrderStays) {
  const std::string low = "113427455640312821154458202477256070485";
  const std::string high = "340282366920938463463374607431768211455";
  put_all("s", {record_at("a1", low), record_at("b1", high)});
  merge("1", "2");
  put_all("s", {record_at("a2", low), record_at("b2", high), record_at("a3", low)});
  EXPECT_THAT(drain("s", "1"), ElementsAre("a1"));
  EXPECT_THAT(drain("s", "2"), ElementsAre("b1"));
  EXPECT_THAT(drain("s", "3"), ElementsAre("a2", "b2", "a3"));
}

class DelayedMergeShardsTest : public MergeShardsTest {
 protected:
  DelayedMergeShardsTest() : MergeShardsTest(milliseconds(500)) {}
};

TEST_F(DelayedMergeShardsTest, TheStreamIsUpdatingUntilItsDelayHasPassed) {
  merge("0", "1");
  EXPECT_EQ(status("s"), "UPDATING");
  EXPECT_EQ(shards("s").size(), 3U);
  advance(milliseconds(500));
  EXPECT_EQ(status("s"), "ACTIVE");
  EXPECT_EQ(shards("s").size(), 4U);
}

TEST_F(DelayedMergeShardsTest, AStreamThatIsUpdatingTakesNoOtherChange) {
  merge("0", "1");
  EXPECT_THAT(merge("1", "2"), RefusedAs("ResourceInUseException",
                                         "Stream s under account 123456789012 not ACTIVE, "
                                         "instead in state UPDATING"));
}

class CreatingMergeShardsTest : public KinesisTest {
 protected:
  CreatingMergeShardsTest() : KinesisTest({.delays = {.create = seconds(1)}}) {}
};

// A creating stream has no shards yet, but that it is creating is what is said.
TEST_F(CreatingMergeShardsTest, TheStatusIsLookedAtBeforeTheShards) {
  call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}});
  EXPECT_THAT(call("MergeShards", {{"StreamName", "s"},
                                   {"ShardToMerge", "shardId-0"},
                                   {"AdjacentShardToMerge", "shardId-1"}}),
              RefusedAs("ResourceInUseException",
                        "Stream s under account 123456789012 not ACTIVE, "
                        "instead in state CREATING"));
}

}  // namespace
}  // namespace hydrant::kinesis
