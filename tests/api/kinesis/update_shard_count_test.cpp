#include "support/kinesis_test.h"

#include <map>

namespace hydrant::kinesis {
namespace {

using testing::HasSubstr;

class UpdateShardCountTest : public KinesisTest {
 protected:
  explicit UpdateShardCountTest(Duration delay = Duration{0})
      : KinesisTest({.delays = {.reshard = delay}}) {}

  Answer update(int target, const std::string& stream = "s") {
    return call(
        "UpdateShardCount",
        {{"StreamName", stream}, {"TargetShardCount", target}, {"ScalingType", "UNIFORM_SCALING"}});
  }
  // How many shards there are, open and closed, and how many of them are open.
  std::pair<std::size_t, std::size_t> totals() {
    const auto all = shards("s");
    std::size_t open = 0;
    for (const auto& shard : all) open += is_open(shard) ? 1 : 0;
    return {all.size(), open};
  }
  std::pair<std::size_t, std::size_t> totals_after(int from, int to) {
    create_stream("s", from);
    EXPECT_THAT(update(to), Succeeded());
    settle("s");
    return totals();
  }
  using Totals = std::pair<std::size_t, std::size_t>;
};

TEST_F(UpdateShardCountTest, TheReplySaysWhatItWasAndWhatItWillBe) {
  create_stream("s", 2);
  EXPECT_EQ(update(4).body, Json::parse(R"({
      "StreamName": "s", "CurrentShardCount": 2, "TargetShardCount": 4,
      "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/s"})"));
}

TEST_F(UpdateShardCountTest, DoublingSplitsEveryShard) {
  EXPECT_EQ(totals_after(2, 4), Totals(6, 4));
}

TEST_F(UpdateShardCountTest, AnythingLessThanDoubleSplitsAllAndMergesTheSurplus) {
  EXPECT_EQ(totals_after(4, 5), Totals(15, 5));
}

TEST_F(UpdateShardCountTest, TenBecomeThirteen) { EXPECT_EQ(totals_after(10, 13), Totals(37, 13)); }

TEST_F(UpdateShardCountTest, HalvingMergesEveryPair) {
  EXPECT_EQ(totals_after(4, 2), Totals(6, 2));
}

TEST_F(UpdateShardCountTest, FewerMergesAsManyPairsAsAreTooMany) {
  EXPECT_EQ(totals_after(5, 3), Totals(7, 3));
}

TEST_F(UpdateShardCountTest, TheSameCountChangesNothing) {
  EXPECT_EQ(totals_after(3, 3), Totals(3, 3));
}

TEST_F(UpdateShardCountTest, AnEvenSplitHalvesTheRange) {
  create_stream("s", 1);
  update(2);
  EXPECT_EQ(shards("s").at(2).at("HashKeyRange").at("StartingHashKey"),
            "170141183460469231731687303715884105728");
}

TEST_F(UpdateShardCountTest, DoubleIsTheMost) {
  create_stream("s", 2);
  EXPECT_THAT(update(6),
              RefusedAs("LimitExceededException",
                        "UpdateShardCount cannot scale up over double your current open shard "
                        "count. Current open shard count: 2, Target shard count: 6"));
}

TEST_F(UpdateShardCountTest, HalfIsTheLeast) {
  create_stream("s", 6);
  EXPECT_THAT(update(2),
              RefusedAs("LimitExceededException",
                        "UpdateShardCount cannot scale down below half your current open shard "
                        "count. Current open shard count: 6, Target shard count: 2"));
}

TEST_F(UpdateShardCountTest, HalfOfAnOddCountIsRoundedUp) {
  create_stream("s", 5);
  EXPECT_THAT(update(2), RefusedAs("LimitExceededException", HasSubstr("below half")));
}

TEST_F(UpdateShardCountTest, AnOnDemandStreamReshardsItself) {
  call("CreateStream", {{"StreamName", "d"}});
  EXPECT_THAT(update(5, "d"), RefusedAs("ValidationException",
                                        "Request is invalid. Stream d under account "
                                        "123456789012 is in On-Demand mode."));
}

TEST_F(UpdateShardCountTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(update(2), RefusedAs("ResourceNotFoundException",
                                   "Stream s under account 123456789012 not found."));
}

TEST_F(UpdateShardCountTest, ThereIsOneWayToScale) {
  EXPECT_THAT(
      call("UpdateShardCount",
           {{"StreamName", "s"}, {"TargetShardCount", 0}, {"ScalingType", "OTHER"}}),
      RefusedAs("ValidationException",
                "2 validation errors detected: Value '0' at 'targetShardCount' failed to satisfy "
                "constraint: Member must have value greater than or equal to 1; Value 'OTHER' at "
                "'scalingType' failed to satisfy constraint: Member must satisfy enum value set: "
                "[UNIFORM_SCALING]"));
}

TEST_F(UpdateShardCountTest, NoRecordIsLostAndTheOrderOfEachKeyStays) {
  create_stream("s", 4);
  std::map<std::string, std::vector<std::string>> put_by_key, got_by_key;
  int serial = 0;
  for (const int target : {4, 5, 10, 7, 4, 2, 3}) {
    ASSERT_THAT(update(target), Succeeded());
    for (int i = 0; i < 40; ++i, ++serial) {
      const auto key = "key-" + std::to_string(serial % 11);
      ASSERT_THAT(put("s", record(std::to_string(serial), key)), Succeeded());
      put_by_key[key].push_back(std::to_string(serial));
    }
    advance(seconds(1));
  }
  // Parents have smaller ids than their children, so this is the order in which a consumer reads.
  for (const auto& shard : shards("s")) {
    const auto answer = read(iterator("s", shard.at("ShardId").get<std::string>()));
    for (const auto& got : answer["Records"])
      got_by_key[got.at("PartitionKey").get<std::string>()].push_back(
          decoded(got.at("Data").get<std::string>()));
  }
  EXPECT_EQ(got_by_key, put_by_key);
}

class DelayedUpdateShardCountTest : public UpdateShardCountTest {
 protected:
  DelayedUpdateShardCountTest() : UpdateShardCountTest(milliseconds(500)) {}
};

TEST_F(DelayedUpdateShardCountTest, IntermediateShardsAreSeenWhileTheStreamIsUpdating) {
  create_stream("s", 4);
  update(5);
  EXPECT_EQ(totals(), Totals(4, 4));
  advance(milliseconds(500));
  EXPECT_EQ(totals(), Totals(12, 8));
  EXPECT_EQ(status("s"), "UPDATING");
  advance(milliseconds(500));
  EXPECT_EQ(totals(), Totals(15, 5));
  EXPECT_EQ(status("s"), "ACTIVE");
}

TEST_F(DelayedUpdateShardCountTest, AStreamThatIsUpdatingTakesNoOtherChange) {
  create_stream("s", 2);
  update(4);
  EXPECT_THAT(update(3), RefusedAs("ResourceInUseException",
                                   "Stream s under account 123456789012 not ACTIVE, instead in "
                                   "state UPDATING"));
}

TEST_F(DelayedUpdateShardCountTest, TheSameCountLeavesTheStreamActive) {
  create_stream("s", 2);
  update(2);
  EXPECT_EQ(status("s"), "ACTIVE");
}

class QuotaUpdateShardCountTest : public KinesisTest {
 protected:
  QuotaUpdateShardCountTest()
      : KinesisTest({.quotas = {.shards_large_region = 10, .shards_of_update = 6}}) {}
  Answer update(int target) {
    return call(
        "UpdateShardCount",
        {{"StreamName", "s"}, {"TargetShardCount", target}, {"ScalingType", "UNIFORM_SCALING"}});
  }
};

TEST_F(QuotaUpdateShardCountTest, ATargetHasALimitOfItsOwn) {
  create_stream("s", 4);
  EXPECT_THAT(update(7), RefusedAs("LimitExceededException",
                                   "Target shard count or number of open shards cannot be greater "
                                   "than 6. Current open shard count: 4, Target shard count: 7"));
  EXPECT_THAT(update(6), Succeeded());
}

TEST_F(QuotaUpdateShardCountTest, TheOtherStreamsOfTheAccountCount) {
  create_stream("s", 4);
  create_stream("t", 5);
  EXPECT_THAT(update(6), RefusedAs("LimitExceededException",
                                   "Target shard count or number of open shards cannot be greater "
                                   "than 10. Current open shard count: 4, Target shard count: 6"));
}

TEST_F(QuotaUpdateShardCountTest, TheOtherStreamsDoNotCountTowardsTheLimitOfATarget) {
  create_stream("s", 4);
  create_stream("t", 4);
  EXPECT_THAT(update(6), Succeeded());
}

}  // namespace
}  // namespace hydrant::kinesis
