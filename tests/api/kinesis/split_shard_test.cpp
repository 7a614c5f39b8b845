#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SplitShardTest : public KinesisTest {
 protected:
  explicit SplitShardTest(Duration delay = Duration{0})
      : KinesisTest({.delays = {.reshard = delay}}) {}
  void SetUp() override { create_stream("s", 3); }

  Answer split(const std::string& shard, const std::string& key, const std::string& stream = "s") {
    return call("SplitShard",
                {{"StreamName", stream}, {"ShardToSplit", shard}, {"NewStartingHashKey", key}});
  }
  static std::string not_inside(const std::string& key, int shard, const std::string& first,
                                const std::string& last) {
    return "NewStartingHashKey " + key + " used in SplitShard() on shard " + shard_name(shard) +
           " in stream s under account 123456789012 is not both greater than one plus the shard's "
           "StartingHashKey " +
           first + " and less than the shard's EndingHashKey " + last + ".";
  }
};

TEST_F(SplitShardTest, TheReplyIsEmpty) {
  const auto answer = split("0", "2");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text, "");
}

TEST_F(SplitShardTest, TheLowerChildComesFirstAndTheKeyBeginsTheUpper) {
  ASSERT_THAT(split("anything-0", "2"), Succeeded());
  const auto all = shards("s");
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all.at(3).at("ParentShardId"), shard_name(0));
  EXPECT_EQ(all.at(4).at("ParentShardId"), shard_name(0));
  EXPECT_FALSE(all.at(3).contains("AdjacentParentShardId"));
  EXPECT_EQ(all.at(3).at("HashKeyRange"),
            Json::parse(R"({"StartingHashKey": "0", "EndingHashKey": "1"})"));
  EXPECT_EQ(all.at(4).at("HashKeyRange"), Json::parse(R"({"StartingHashKey": "2",
                            "EndingHashKey": "113427455640312821154458202477256070484"})"));
}

TEST_F(SplitShardTest, NumbersOfParentAndChildrenMeetAtTheSecondOfTheSplit) {
  advance(seconds(60));
  split("0", "2");
  const auto range = [&](std::size_t shard) {
    return shards("s").at(shard).at("SequenceNumberRange");
  };
  EXPECT_EQ(range(0).at("EndingSequenceNumber"),
            "49670424472742320233661159694712444358581954399147393026");
  EXPECT_EQ(range(3).at("StartingSequenceNumber"),
            "49670424494563599410423374438706353614187990830643413042");
}

TEST_F(SplitShardTest, RecordsGoToTheChildrenAtOnce) {
  split("0", "2");
  EXPECT_EQ(put("s", record_at("", "1"))["ShardId"], shard_name(3));
  EXPECT_EQ(put("s", record_at("", "2"))["ShardId"], shard_name(4));
}

// The numbers of a child begin in the second after the split, also for a record that comes sooner.
TEST_F(SplitShardTest, ANumberOfAChildIsGreaterThanItsStart) {
  split("0", "2");
  const auto number = put("s", record_at("", "1"))["SequenceNumber"].get<std::string>();
  EXPECT_GT(
      number,
      shards("s").at(3).at("SequenceNumberRange").at("StartingSequenceNumber").get<std::string>());
}

TEST_F(SplitShardTest, AChildMayBeSplitWithinItsFirstSecond) {
  split("0", "1000");
  ASSERT_THAT(split("3", "500"), Succeeded());
  const auto range = shards("s").at(3).at("SequenceNumberRange");
  EXPECT_LT(range.at("StartingSequenceNumber").get<std::string>(),
            range.at("EndingSequenceNumber").get<std::string>());
}

TEST_F(SplitShardTest, TheKeyLeavesTheLowerChildTwoKeys) {
  EXPECT_THAT(split("0", "1"),
              RefusedAs("InvalidArgumentException",
                        not_inside("1", 0, "0", "113427455640312821154458202477256070484")));
}

TEST_F(SplitShardTest, TheKeyLeavesTheUpperChildTwoKeys) {
  const std::string last = "113427455640312821154458202477256070484";
  EXPECT_THAT(split("0", last),
              RefusedAs("InvalidArgumentException", not_inside(last, 0, "0", last)));
  EXPECT_THAT(split("0", "113427455640312821154458202477256070483"), Succeeded());
}

TEST_F(SplitShardTest, AKeyOffTheRingIsNotInsideEither) {
  const std::string key = "999999999999999999999999999999999999999";
  EXPECT_THAT(split("2", key),
              RefusedAs("InvalidArgumentException",
                        not_inside(key, 2, "226854911280625642308916404954512140970",
                                   "340282366920938463463374607431768211455")));
}

TEST_F(SplitShardTest, AClosedShardIsNotSplitAgain) {
  split("0", "2");
  EXPECT_THAT(split("0", "100"),
              RefusedAs("InvalidArgumentException",
                        "Shard shardId-000000000000 in stream s under account 123456789012 has "
                        "already been merged or split, and thus is not eligible for merging or "
                        "splitting."));
}

TEST_F(SplitShardTest, AnUnreadableIdIsRefusedBeforeTheStreamIsLookedUp) {
  EXPECT_THAT(split("ABKLFD8", "0", "none"),
              RefusedAs("ResourceNotFoundException",
                        "Could not find shard ABKLFD8 in stream none under account 123456789012."));
}

TEST_F(SplitShardTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(
      split("a-00002147483647", "0", "none"),
      RefusedAs("ResourceNotFoundException", "Stream none under account 123456789012 not found."));
}

TEST_F(SplitShardTest, AnUnknownShardIsNotFoundByItsFullName) {
  EXPECT_THAT(split("shardId-5", "0"), RefusedAs("ResourceNotFoundException",
                                                 "Could not find shard shardId-000000000005 in "
                                                 "stream s under account 123456789012."));
}

TEST_F(SplitShardTest, AnOnDemandStreamReshardsItself) {
  call("CreateStream", {{"StreamName", "d"}});
  EXPECT_THAT(split("0", "2", "d"), RefusedAs("ValidationException",
                                              "Request is invalid. Stream d under account "
                                              "123456789012 is in On-Demand mode."));
}

TEST_F(SplitShardTest, ShardAndKeyAreRequired) {
  EXPECT_THAT(call("SplitShard", {{"StreamName", "s"}}),
              RefusedAs("ValidationException",
                        "2 validation errors detected: Value null at 'shardToSplit' failed to "
                        "satisfy constraint: Member must not be null; Value null at "
                        "'newStartingHashKey' failed to satisfy constraint: Member must not be "
                        "null"));
}

TEST_F(SplitShardTest, NoRecordIsLostAndTheOrderStays) {
  put("s", record_at("1", "5"));
  split("0", "10");
  put("s", record_at("2", "5"));
  put("s", record_at("3", "5"));
  EXPECT_THAT(drain("s", "0"), ElementsAre("1"));
  EXPECT_THAT(drain("s", "3"), ElementsAre("2", "3"));
}

class DelayedSplitShardTest : public SplitShardTest {
 protected:
  DelayedSplitShardTest() : SplitShardTest(milliseconds(500)) {}
};

TEST_F(DelayedSplitShardTest, TheStreamIsUpdatingUntilItsDelayHasPassed) {
  split("0", "2");
  EXPECT_EQ(status("s"), "UPDATING");
  advance(milliseconds(499));
  EXPECT_EQ(status("s"), "UPDATING");
  advance(milliseconds(1));
  EXPECT_EQ(status("s"), "ACTIVE");
}

TEST_F(DelayedSplitShardTest, ParentAndChildrenChangePlacesTogether) {
  split("0", "2");
  ASSERT_EQ(shards("s").size(), 3U);
  EXPECT_TRUE(is_open(shards("s").at(0)));
  EXPECT_EQ(put("s", record_at("", "1"))["ShardId"], shard_name(0));
  advance(milliseconds(500));
  ASSERT_EQ(shards("s").size(), 5U);
  EXPECT_FALSE(is_open(shards("s").at(0)));
}

TEST_F(DelayedSplitShardTest, AStreamThatIsUpdatingTakesNoOtherChange) {
  split("0", "2");
  EXPECT_THAT(split("1", "2"), RefusedAs("ResourceInUseException",
                                         "Stream s under account 123456789012 not ACTIVE, "
                                         "instead in state UPDATING"));
}

TEST_F(DelayedSplitShardTest, TheStatusIsLookedAtBeforeTheShard) {
  split("0", "2");
  EXPECT_THAT(split("99", "2"), RefusedAs("ResourceInUseException", HasSubstr("UPDATING")));
}

TEST_F(DelayedSplitShardTest, AStreamDeletedMeanwhileGoesWithoutItsChildren) {
  split("0", "2");
  call("DeleteStream", {{"StreamName", "s"}});
  advance(seconds(1));
  EXPECT_EQ(status("s"), "(none)");
}

class QuotaSplitShardTest : public KinesisTest {
 protected:
  QuotaSplitShardTest() : KinesisTest({.quotas = {.shards_large_region = 3}}) {}
};

TEST_F(QuotaSplitShardTest, OneMoreShardMustFitTheQuota) {
  create_stream("s", 3);
  EXPECT_THAT(
      call("SplitShard", {{"StreamName", "s"}, {"ShardToSplit", "0"}, {"NewStartingHashKey", "9"}}),
      RefusedAs("LimitExceededException",
                HasSubstr("Current shard count for the account: 3. Limit: 3. Number of additional "
                          "shards that would have resulted from this request: 1.")));
}

}  // namespace
}  // namespace hydrant::kinesis
