#include "engine/streams/capacity.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/streams/registry.h"

namespace hydrant::streams {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class CapacityTest : public testing::Test {
 protected:
  // A shard takes ten records a second.
  CapacityTest() : CapacityTest(ThrottleSettings{.scale = 0.01}) {}
  explicit CapacityTest(const ThrottleSettings& throttle)
      : registry_({clock_, memory_, throttle}, {}, WhenFull::refuse) {}

  std::shared_ptr<Stream> create(Mode mode, std::int32_t shards = 4,
                                 const std::string& region = "us-east-1") {
    StreamSettings settings;
    settings.mode = mode;
    return registry_.create({"1", region, "s"}, settings, shards);
  }
  // So many records in each second, evenly over the shards that there are.
  void write(Stream& stream, int records_per_second, Duration time) {
    for (auto left = time; left > Duration::zero(); left -= seconds(1)) {
      const auto open = stream.open_shards();
      for (int i = 0; i < records_per_second; ++i) {
        const auto& shard = open[static_cast<std::size_t>(i) % open.size()];
        const NewRecord record{"d", "k", shard->range().first};
        ASSERT_TRUE(registry_.make_room(Shard::footprint(record)));
        Placement placement;
        stream.append({&record, 1}, {&placement, 1});
      }
      clock_.advance(seconds(1));
    }
  }
  static std::size_t open(const Stream& stream) { return stream.open_shards().size(); }
  static void expect_whole_ring(const Stream& stream) {
    const auto shards = stream.open_shards();
    EXPECT_EQ(shards.front()->range().first, HashKey());
    EXPECT_EQ(shards.back()->range().last, HashKey::max());
    for (std::size_t i = 1; i < shards.size(); ++i)
      EXPECT_TRUE(shards[i - 1]->range().adjoins(shards[i]->range()));
  }

  VirtualClock clock_{TimePoint(seconds(1000))};
  MemoryBudget memory_{std::int64_t{1} << 30};
  Registry registry_;
};

TEST_F(CapacityTest, AnOnDemandStreamGrowsToTwiceItsPeak) {
  const auto stream = create(Mode::on_demand);
  write(*stream, 30, minutes(1) + seconds(5));
  EXPECT_EQ(open(*stream), 6U);
  expect_whole_ring(*stream);
}

TEST_F(CapacityTest, ItStaysActiveAndItsNewShardsHaveParents) {
  const auto stream = create(Mode::on_demand);
  write(*stream, 30, minutes(1) + seconds(5));
  EXPECT_EQ(stream->status(), Status::active);
  EXPECT_EQ(stream->shards().size(), 8U);
  EXPECT_EQ(stream->children_of(0).size() + stream->children_of(1).size() +
                stream->children_of(2).size() + stream->children_of(3).size(),
            4U);
}

TEST_F(CapacityTest, HalfOfItsCapacityIsNoReasonToGrow) {
  const auto stream = create(Mode::on_demand);
  write(*stream, 20, minutes(3));
  EXPECT_EQ(open(*stream), 4U);
}

TEST_F(CapacityTest, ItGrowsOnceInFifteenMinutes) {
  const auto stream = create(Mode::on_demand, 1);
  write(*stream, 10, minutes(5));
  EXPECT_EQ(open(*stream), 2U);
  write(*stream, 20, minutes(10));
  EXPECT_EQ(open(*stream), 2U);
  write(*stream, 20, minutes(2));
  EXPECT_EQ(open(*stream), 4U);
}

TEST_F(CapacityTest, AnotherRegionHasALowerCeiling) {
  EXPECT_EQ(on_demand_shards_max("us-east-1"), 10'240);
  EXPECT_EQ(on_demand_shards_max("eu-north-1"), 200);
}

TEST_F(CapacityTest, AProvisionedStreamStaysAsItIs) {
  const auto stream = create(Mode::provisioned);
  write(*stream, 40, minutes(2));
  EXPECT_EQ(open(*stream), 4U);
}

TEST_F(CapacityTest, AStreamThatBecomesOnDemandGrowsFromThenOn) {
  const auto stream = create(Mode::provisioned, 1);
  write(*stream, 10, minutes(2));
  registry_.set_mode(stream, Mode::on_demand, 0);
  clock_.advance(minutes(2));
  EXPECT_EQ(open(*stream), 1U);
  write(*stream, 10, minutes(1) + seconds(5));
  EXPECT_EQ(open(*stream), 2U);
}

TEST_F(CapacityTest, AnIdleStreamArmsNoTimer) {
  const auto stream = create(Mode::on_demand);
  write(*stream, 1, seconds(1));
  clock_.advance(minutes(5));
  int steps = 0;
  clock_.advance(hours(20), [&steps] { ++steps; });
  EXPECT_EQ(steps, 1) << "beside the first one, a step is a timer";
}

TEST_F(CapacityTest, WarmThroughputSplitsTheWidestShards) {
  const auto stream = create(Mode::on_demand, 3);
  registry_.set_mode(stream, Mode::on_demand, 13);
  EXPECT_EQ(open(*stream), 13U);
  expect_whole_ring(*stream);
}

class UnlimitedCapacityTest : public CapacityTest {
 protected:
  UnlimitedCapacityTest() : CapacityTest({.enabled = false, .scale = 0.01}) {}
};

TEST_F(UnlimitedCapacityTest, WhereNothingIsLimitedNothingGrows) {
  const auto stream = create(Mode::on_demand);
  write(*stream, 50, minutes(2));
  EXPECT_EQ(open(*stream), 4U);
}

}  // namespace
}  // namespace hydrant::streams
