#include "engine/streams/stream.h"

#include <gmock/gmock.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/random.h"

namespace hydrant::streams {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::ElementsAreArray;

constexpr TimePoint kStart{seconds(1000)};

class StreamTest : public testing::Test {
 protected:
  std::unique_ptr<Stream> stream_of(std::int32_t shards) {
    auto stream =
        std::make_unique<Stream>(StreamId{"123456789012", "us-east-1", "s"}, StreamSettings{},
                                 shards, StreamEnvironment{clock_, memory_, {.enabled = false}});
    stream->set_status(Status::active);
    return stream;
  }
  static std::int32_t put(Stream& stream, HashKey hash, const std::string& data = "x",
                          const std::string& key = "k") {
    const NewRecord record{data, key, hash};
    Placement placement;
    stream.append({&record, 1}, {&placement, 1});
    EXPECT_TRUE(placement.placed);
    return placement.number.shard;
  }
  static std::vector<std::int32_t> numbers(const ShardList& shards) {
    std::vector<std::int32_t> all;
    for (const auto& shard : shards) all.push_back(shard->number());
    return all;
  }
  // All that resharding decides.
  static std::vector<std::string> described(const ShardList& shards) {
    std::vector<std::string> all;
    for (const auto& shard : shards) {
      const auto& lineage = shard->lineage();
      const auto ending = shard->ending_number();
      all.push_back(shard->id() + " of " + std::to_string(lineage.parent.value_or(-1)) + " and " +
                    std::to_string(lineage.adjacent_parent.value_or(-1)) + ": " +
                    shard->range().first.str() + " to " + shard->range().last.str() + ", " +
                    shard->starting_number().str() + " to " + (ending ? ending->str() : "the end"));
    }
    return all;
  }
  static std::vector<std::string> data_of(Shard& shard) {
    const auto outcome = shard.read(0, {.metered = false}, kStart, TimePoint{});
    std::vector<std::string> all;
    for (const auto& record : std::get<Read>(outcome).records) all.emplace_back(record.data);
    return all;
  }

  VirtualClock clock_{kStart};
  MemoryBudget memory_{std::int64_t{1} << 30};
};

TEST_F(StreamTest, AnArnHasThePartitionOfItsRegion) {
  const auto arn = [](const std::string& region) { return StreamId{"1", region, "s"}.arn(); };
  EXPECT_EQ(arn("eu-west-1"), "arn:aws:kinesis:eu-west-1:1:stream/s");
  EXPECT_EQ(arn("cn-north-1"), "arn:aws-cn:kinesis:cn-north-1:1:stream/s");
  EXPECT_EQ(arn("us-gov-west-1"), "arn:aws-us-gov:kinesis:us-gov-west-1:1:stream/s");
}

TEST_F(StreamTest, TheRingIsCutIntoEqualParts) {
  for (const std::int32_t count : {1, 2, 3, 7, 64, 1000}) {
    const auto open = stream_of(count)->open_shards();
    ASSERT_EQ(open.size(), static_cast<std::size_t>(count));
    const auto width = open[0]->range().last.value() - open[0]->range().first.value();
    for (std::size_t i = 0; i + 1 < open.size(); ++i)
      ASSERT_EQ(open[i]->range().last.value() - open[i]->range().first.value(), width);
    EXPECT_EQ(open[0]->range().first, HashKey(0));
    EXPECT_EQ(open.back()->range().last, HashKey::max());
  }
}

TEST_F(StreamTest, ARecordGoesToTheOpenShardWhoseRangeHoldsItsKey) {
  const auto stream = stream_of(3);
  for (const auto& shard : stream->open_shards()) {
    EXPECT_EQ(put(*stream, shard->range().first), shard->number());
    EXPECT_EQ(put(*stream, shard->range().last), shard->number());
  }
}

TEST_F(StreamTest, ABatchKeepsItsOrderWithinEachShard) {
  const auto stream = stream_of(2);
  const HashKey low(0), high = HashKey::max();
  const std::vector<NewRecord> records = {
      {"1", "k", high}, {"2", "k", low}, {"3", "k", high}, {"4", "k", low}, {"5", "k", high}};
  std::vector<Placement> placements(5);
  stream->append(records, placements);
  EXPECT_THAT(data_of(*stream->shard(0)), ElementsAre("2", "4"));
  EXPECT_THAT(data_of(*stream->shard(1)), ElementsAre("1", "3", "5"));
  EXPECT_LT(placements[0].number.index, placements[4].number.index);
}

TEST_F(StreamTest, ASplitOpensTheLowerChildFirst) {
  const auto stream = stream_of(1);
  stream->split(0, HashKey(100));
  EXPECT_FALSE(stream->shard(0)->open());
  EXPECT_EQ(stream->shard(1)->range().last, HashKey(99));
  EXPECT_EQ(stream->shard(2)->range().first, HashKey(100));
  EXPECT_EQ(stream->shard(1)->lineage().parent, 0);
  EXPECT_FALSE(stream->shard(1)->lineage().adjacent_parent);
}

TEST_F(StreamTest, AMergeOpensOneChildOfTwoParents) {
  const auto stream = stream_of(2);
  stream->merge(0, 1);
  const auto child = stream->shard(2);
  EXPECT_EQ(child->range().first, HashKey(0));
  EXPECT_EQ(child->range().last, HashKey::max());
  EXPECT_EQ(child->lineage().parent, 0);
  EXPECT_EQ(child->lineage().adjacent_parent, 1);
}

TEST_F(StreamTest, PairsMergedTogetherAreWhatTheyWouldBeOneByOne) {
  const auto together = stream_of(7), one_by_one = stream_of(7);
  for (auto* stream : {together.get(), one_by_one.get()}) stream->split(0, HashKey(100));
  const std::vector<Neighbours> pairs{{7, 8}, {3, 4}, {1, 2}};
  together->merge_all(pairs);
  for (const auto& pair : pairs) one_by_one->merge(pair.lower, pair.upper);
  EXPECT_THAT(described(together->shards()), ElementsAreArray(described(one_by_one->shards())));
  EXPECT_THAT(numbers(together->open_shards()), ElementsAre(9, 11, 10, 5, 6));
}

TEST_F(StreamTest, APairThatIsNotOpenAnyMoreIsLeftAlone) {
  const auto stream = stream_of(4);
  stream->split(0, HashKey(100));
  stream->merge_all(std::vector<Neighbours>{{0, 1}, {2, 3}});
  EXPECT_THAT(numbers(stream->open_shards()), ElementsAre(4, 5, 1, 6));
}

TEST_F(StreamTest, EveryShardThatIsMergedWakesWhoWaitsForIt) {
  struct Count : Sleeper {
    void wake() override { ++wakes; }
    int wakes = 0;
  };
  const auto stream = stream_of(5);
  const auto sleeper = std::make_shared<Count>();
  for (const auto& shard : stream->shards()) shard->sleepers().add(sleeper);
  stream->merge_all(std::vector<Neighbours>{{0, 1}, {2, 3}});
  EXPECT_EQ(sleeper->wakes, 4);
}

TEST_F(StreamTest, ChildrenAreFoundByEitherParent) {
  const auto stream = stream_of(2);
  stream->merge(0, 1);
  EXPECT_THAT(numbers(stream->children_of(0)), ElementsAre(2));
  EXPECT_THAT(numbers(stream->children_of(1)), ElementsAre(2));
  EXPECT_THAT(numbers(stream->children_of(2)), ElementsAre());
}

TEST_F(StreamTest, ASplitHasBothOfItsChildrenWhateverElseIsResharded) {
  const auto stream = stream_of(3);
  stream->halve(std::vector<std::int32_t>{1, 0});
  stream->merge(6, 3);
  EXPECT_THAT(numbers(stream->children_of(0)), ElementsAre(5, 6));
  EXPECT_THAT(numbers(stream->children_of(1)), ElementsAre(3, 4));
  EXPECT_THAT(numbers(stream->children_of(3)), ElementsAre(7));
  EXPECT_THAT(numbers(stream->children_of(2)), ElementsAre());
}

TEST_F(StreamTest, AChildThatHasAgedOutIsNotAmongTheChildren) {
  const auto stream = stream_of(1);
  stream->split(0, HashKey(100));
  stream->split(1, HashKey(50));
  clock_.advance(hours(25));
  stream->trim(clock_.now());
  EXPECT_THAT(numbers(stream->children_of(0)), ElementsAre(2));
}

TEST_F(StreamTest, ANumberThatWasNeverGivenHasNoChildren) {
  const auto stream = stream_of(1);
  stream->split(0, HashKey(100));
  EXPECT_THAT(numbers(stream->children_of(-1)), ElementsAre());
  EXPECT_THAT(numbers(stream->children_of(3)), ElementsAre());
}

TEST_F(StreamTest, OpenShardsAreInTheOrderOfTheRing) {
  const auto stream = stream_of(2);
  stream->split(0, HashKey(100));
  EXPECT_THAT(numbers(stream->open_shards()), ElementsAre(2, 3, 1));
}

TEST_F(StreamTest, ANumberThatWasNeverGivenIsNoShard) {
  const auto stream = stream_of(1);
  EXPECT_FALSE(stream->shard(-1));
  EXPECT_FALSE(stream->shard(1));
}

TEST_F(StreamTest, ChildrenAreCreatedASecondBehindTheirParentsEnd) {
  const auto stream = stream_of(1);
  clock_.advance(seconds(10));
  stream->split(0, HashKey(100));
  EXPECT_EQ(stream->shard(0)->ending_number()->time_s, 1010);
  EXPECT_EQ(stream->shard(1)->starting_number().created_s, 1011);
}

TEST_F(StreamTest, GenerationsOfOneSecondStillFollowEachOther) {
  const auto stream = stream_of(1);
  stream->split(0, HashKey(100));
  stream->merge(1, 2);
  stream->split(3, HashKey(50));
  EXPECT_EQ(stream->shard(3)->ending_number()->time_s, 1002);
  EXPECT_EQ(stream->shard(4)->starting_number().created_s, 1003);
}

TEST_F(StreamTest, AClosedShardGoesWhenItsRecordsHaveAgedOut) {
  const auto stream = stream_of(1);
  put(*stream, HashKey(0));
  stream->split(0, HashKey(100));
  clock_.advance(hours(24));
  stream->trim(clock_.now());
  EXPECT_TRUE(stream->shard(0));
  clock_.advance(seconds(1));
  stream->trim(clock_.now());
  EXPECT_FALSE(stream->shard(0));
  EXPECT_THAT(numbers(stream->shards()), ElementsAre(1, 2));
}

TEST_F(StreamTest, AnOpenShardStaysHoweverOldItIs) {
  const auto stream = stream_of(1);
  clock_.advance(hours(1000));
  stream->trim(clock_.now());
  EXPECT_EQ(put(*stream, HashKey(0)), 0);
}

TEST_F(StreamTest, TheLineageOutlivesTheParent) {
  const auto stream = stream_of(1);
  stream->split(0, HashKey(100));
  clock_.advance(hours(25));
  stream->trim(clock_.now());
  EXPECT_EQ(stream->shard(1)->lineage().parent, 0);
}

// Random reshards with records in between, against what must hold whatever happens.
class ReshardTest : public StreamTest {
 protected:
  void step(Stream& stream, Random& random) {
    const auto open = stream.open_shards();
    const auto at = random.next() % open.size();
    const auto& range = open[at]->range();
    if (random.next() % 2 == 0 && range.last.value() - range.first.value() > 4) {
      const auto width = range.last.value() - range.first.value();
      const HashKey::Value offset = 2 + random.next() % std::min<HashKey::Value>(width - 2, ~0ULL);
      stream.split(open[at]->number(), HashKey(range.first.value() + offset));
    } else if (at + 1 < open.size()) {
      stream.merge(open[at]->number(), open[at + 1]->number());
    }
  }
  void put_some(Stream& stream, Random& random) {
    for (int i = 0; i < 20; ++i, ++serial_) {
      const auto key = "key-" + std::to_string(random.next() % 7);
      const auto data = std::to_string(serial_);
      put(stream, HashKey::of_partition_key(key), data, key);
      put_[key].push_back(data);
    }
  }
  static void expect_ring_covered_once(const Stream& stream) {
    const auto open = stream.open_shards();
    ASSERT_EQ(open.front()->range().first, HashKey(0));
    ASSERT_EQ(open.back()->range().last, HashKey::max());
    for (std::size_t i = 0; i + 1 < open.size(); ++i)
      ASSERT_TRUE(open[i]->range().adjoins(open[i + 1]->range()));
  }
  static void expect_lineage_fits(const Stream& stream) {
    for (const auto& shard : stream.shards()) {
      const auto& lineage = shard->lineage();
      if (!lineage.parent) continue;
      const auto parent = stream.shard(*lineage.parent);
      ASSERT_FALSE(parent->open());
      ASSERT_LT(parent->number(), shard->number());
      ASSERT_LT(parent->ending_number()->time_s, shard->starting_number().time_s);
      if (lineage.adjacent_parent) {
        const auto adjacent = stream.shard(*lineage.adjacent_parent);
        ASSERT_EQ(parent->range().first, shard->range().first);
        ASSERT_EQ(adjacent->range().last, shard->range().last);
      } else {
        ASSERT_TRUE(parent->range().contains(shard->range().first));
        ASSERT_TRUE(parent->range().contains(shard->range().last));
      }
    }
  }
  // As a consumer reads: parents before children.
  static std::map<std::string, std::vector<std::string>> records_by_key(const Stream& stream) {
    std::map<std::string, std::vector<std::string>> all;
    for (const auto& shard : stream.shards()) {
      const auto outcome = shard->read(0, {.metered = false}, kStart, TimePoint{});
      for (const auto& record : std::get<Read>(outcome).records)
        all[std::string(record.partition_key)].emplace_back(record.data);
    }
    return all;
  }

  int serial_ = 0;
  std::map<std::string, std::vector<std::string>> put_;
};

TEST_F(ReshardTest, TheRingIsCoveredOnceWhateverIsSplitAndMerged) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const auto stream = stream_of(1 + static_cast<std::int32_t>(random.next() % 5));
    for (int i = 0; i < 20; ++i) {
      step(*stream, random);
      expect_ring_covered_once(*stream);
      if (HasFatalFailure()) return;
    }
    expect_lineage_fits(*stream);
    if (HasFatalFailure()) return;
  }
}

TEST_F(ReshardTest, NoRecordIsLostAndTheOrderOfEachKeyStays) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    put_.clear();
    const auto stream = stream_of(1 + static_cast<std::int32_t>(random.next() % 3));
    for (int i = 0; i < 10; ++i) {
      put_some(*stream, random);
      step(*stream, random);
      if (random.next() % 2 == 0) clock_.advance(seconds(1));
    }
    put_some(*stream, random);
    ASSERT_EQ(records_by_key(*stream), put_);
  }
}

}  // namespace
}  // namespace hydrant::streams
