#include "engine/streams/shard.h"

#include <gmock/gmock.h>

#include <numeric>
#include <string>
#include <vector>

#include "engine/streams/block_pool.h"

namespace hydrant::streams {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t kCreated = 1000;
constexpr TimePoint kStart{seconds(kCreated)};
constexpr TimePoint kNoHorizon{};
constexpr ReadLimits kUnmetered{.metered = false};

class ShardTest : public testing::Test {
 protected:
  // Appends as one call; true for each record that was taken.
  std::vector<bool> append(const std::vector<std::string>& data, TimePoint now,
                           const std::string& key = "k") {
    std::vector<NewRecord> records;
    for (const auto& each : data) records.push_back({each, key, HashKey{}});
    std::vector<std::uint32_t> which(records.size());
    std::iota(which.begin(), which.end(), 0);
    placements_.assign(records.size(), {});
    shard_->append(records, which, placements_, now);
    std::vector<bool> taken;
    for (const auto& placement : placements_) taken.push_back(placement.placed);
    return taken;
  }
  Read read(std::uint64_t from, const ReadLimits& limits = kUnmetered, TimePoint now = kStart,
            TimePoint horizon = kNoHorizon) {
    auto outcome = shard_->read(from, limits, now, horizon);
    EXPECT_TRUE(std::holds_alternative<Read>(outcome));
    return std::get<Read>(std::move(outcome));
  }
  static std::vector<std::string> data_of(const Read& read) {
    std::vector<std::string> all;
    for (const auto& record : read.records) all.emplace_back(record.data);
    return all;
  }
  void renew(const ThrottleSettings& throttle, std::int64_t record_bytes_max = kMiB) {
    shard_ = std::make_unique<Shard>(7, HashRange{}, Shard::Lineage{}, kCreated, kStart, throttle,
                                     record_bytes_max, memory_, pool_);
  }

  MemoryBudget memory_{std::int64_t{1} << 30};
  std::shared_ptr<BlockPool> pool_ = std::make_shared<BlockPool>();
  std::unique_ptr<Shard> shard_ =
      std::make_unique<Shard>(7, HashRange{}, Shard::Lineage{}, kCreated, kStart,
                              ThrottleSettings{.enabled = false}, kMiB, memory_, pool_);
  std::vector<Placement> placements_;
};

TEST_F(ShardTest, RecordsAreNumberedFromOne) {
  append({"a", "b"}, kStart + seconds(5));
  EXPECT_EQ(placements_[0].number, (SequenceNumber{kCreated, 1, kCreated + 5, 7}));
  EXPECT_EQ(placements_[1].number, (SequenceNumber{kCreated, 2, kCreated + 5, 7}));
}

TEST_F(ShardTest, ARecordIsNeverOlderThanItsShard) {
  append({"a"}, kStart - seconds(5));
  EXPECT_EQ(placements_[0].number.time_s, kCreated);
}

TEST_F(ShardTest, RecordsAreReadAsTheyWereWritten) {
  append({"data", ""}, kStart, "key");
  const auto got = read(1);
  ASSERT_EQ(got.records.size(), 2U);
  EXPECT_EQ(got.records[0].data, "data");
  EXPECT_EQ(got.records[0].partition_key, "key");
  EXPECT_EQ(got.records[0].number, placements_[0].number);
  EXPECT_EQ(got.records[0].arrival, kStart);
  EXPECT_EQ(got.records[1].data, "");
  EXPECT_EQ(got.next, 3U);
}

TEST_F(ShardTest, OnlyTheRecordsMeantForItAreTaken) {
  const std::vector<NewRecord> records = {{"a", "k", {}}, {"b", "k", {}}, {"c", "k", {}}};
  const std::vector<std::uint32_t> which = {2, 0};
  std::vector<Placement> placements(3);
  shard_->append(records, which, placements, kStart);
  EXPECT_THAT(data_of(read(1)), ElementsAre("c", "a"));
  EXPECT_FALSE(placements[1].placed);
}

TEST_F(ShardTest, ReadingGoesOnWhereItEnded) {
  append({"a", "b", "c"}, kStart);
  const auto first = read(1, {.records_max = 2, .metered = false});
  EXPECT_THAT(data_of(first), ElementsAre("a", "b"));
  EXPECT_THAT(data_of(read(first.next)), ElementsAre("c"));
}

TEST_F(ShardTest, APositionBeyondTheTipIsTheTip) {
  append({"a"}, kStart);
  const auto got = read(99);
  EXPECT_THAT(got.records, IsEmpty());
  EXPECT_EQ(got.next, shard_->tip());
}

TEST_F(ShardTest, AReadStopsBeforeItsBytesAreTooMany) {
  append({"1234", "5678", "9"}, kStart);
  EXPECT_THAT(data_of(read(1, {.bytes_max = 8, .metered = false})), ElementsAre("1234", "5678"));
}

TEST_F(ShardTest, ALargerRecordIsReadAlone) {
  append({"1234", "5"}, kStart);
  EXPECT_THAT(data_of(read(1, {.bytes_max = 2, .metered = false})), ElementsAre("1234"));
}

TEST_F(ShardTest, RecordsLargerThanABlockHaveOneOfTheirOwn) {
  const std::string large(3'000'000, 'x');
  append({"a", large, "b"}, kStart);
  EXPECT_THAT(data_of(read(1)), ElementsAre("a", large, "b"));
}

TEST_F(ShardTest, ManyBlocksAreReadInOrder) {
  std::vector<std::string> expected;
  for (int i = 0; i < 2000; ++i) expected.push_back(std::to_string(i) + std::string(1000, '.'));
  append(expected, kStart);
  EXPECT_EQ(data_of(read(1)), expected);
  EXPECT_EQ(read(1234).records[0].data, expected[1233]);
}

TEST_F(ShardTest, OlderRecordsThanTheHorizonAreSkipped) {
  append({"old"}, kStart);
  append({"young"}, kStart + seconds(2));
  EXPECT_THAT(data_of(read(1, kUnmetered, kStart + seconds(9), kStart + seconds(1))),
              ElementsAre("young"));
  EXPECT_THAT(data_of(read(1, kUnmetered, kStart + seconds(9), kStart)),
              ElementsAre("old", "young"));
}

TEST_F(ShardTest, ATimeIsFoundAtTheFirstRecordNotOlder) {
  append({"a", "b"}, kStart + seconds(1));
  append({"c"}, kStart + seconds(3));
  EXPECT_EQ(shard_->first_at_or_after(kStart), 1U);
  EXPECT_EQ(shard_->first_at_or_after(kStart + seconds(1)), 1U);
  EXPECT_EQ(shard_->first_at_or_after(kStart + seconds(2)), 3U);
  EXPECT_EQ(shard_->first_at_or_after(kStart + seconds(4)), shard_->tip());
}

// Two callers may read the clock in one order and reach the shard in the other.
TEST_F(ShardTest, ArrivalsNeverGoBackwards) {
  append({"a"}, kStart + seconds(2));
  append({"b"}, kStart + seconds(1));
  const auto got = read(1);
  EXPECT_EQ(got.records[1].arrival, kStart + seconds(2));
  EXPECT_EQ(got.records[1].number.time_s, kCreated + 2);
  EXPECT_EQ(placements_[0].number, got.records[1].number);
}

TEST_F(ShardTest, MillisBehindIsTheAgeOfTheLastRecordUnlessItIsTheTip) {
  append({"a"}, kStart);
  append({"b"}, kStart + seconds(1));
  EXPECT_EQ(read(1, {.records_max = 1, .metered = false}, kStart + seconds(3)).millis_behind, 3000);
  EXPECT_EQ(read(1, kUnmetered, kStart + seconds(3)).millis_behind, 0);
}

TEST_F(ShardTest, TrimmedRecordsAreGoneAndTheirBytesReturned) {
  append({"a", std::string(300'000, 'b')}, kStart);
  const std::string young(10'000, 'c');
  append({young}, kStart + seconds(2));
  const auto before = memory_.used();
  const auto freed = shard_->trim_before(kStart + seconds(1));
  EXPECT_GE(freed, 300'000);
  EXPECT_EQ(memory_.used(), before - freed);
  EXPECT_THAT(data_of(read(1)), ElementsAre(young));
  EXPECT_EQ(shard_->oldest_arrival(), kStart + seconds(2));
}

// What is left of a block is no less memory than all of it.
TEST_F(ShardTest, MemoryIsReturnedWithTheLastRecordOfItsBlock) {
  append({"a"}, kStart);
  append({"b"}, kStart + seconds(2));
  EXPECT_EQ(shard_->trim_before(kStart + seconds(1)), 0);
  EXPECT_THAT(data_of(read(1)), ElementsAre("b"));
  EXPECT_GT(shard_->trim_before(kStart + seconds(3)), 0);
  EXPECT_EQ(memory_.used(), 0);
}

TEST_F(ShardTest, TrimmingEverythingReturnsEverything) {
  append({"a", std::string(100'000, 'x')}, kStart);
  shard_->trim_before(kStart + hours(1));
  EXPECT_EQ(memory_.used(), 0);
  EXPECT_FALSE(shard_->oldest_arrival());
  EXPECT_EQ(shard_->trim_before(kStart + hours(1)), 0);
}

TEST_F(ShardTest, NumbersGoOnBehindATrim) {
  append({"a"}, kStart);
  shard_->trim_before(kStart + hours(1));
  append({"b"}, kStart + hours(1));
  EXPECT_EQ(placements_[0].number.index, 2U);
  EXPECT_THAT(data_of(read(1)), ElementsAre("b"));
}

TEST_F(ShardTest, TrimmingEarlyTakesTheOldestUntilItIsEnough) {
  append({std::string(10'000, 'a'), std::string(10'000, 'b'), std::string(10'000, 'c')}, kStart);
  EXPECT_GE(shard_->trim_early(1500), 1500);
  EXPECT_EQ(read(1).records.size(), 2U);
  EXPECT_EQ(shard_->counters(kStart).records_trimmed_early, 1U);
}

// A record is to cost its bytes and at most 48 more, whatever its size.
TEST_F(ShardTest, ARecordCostsLittleMoreThanItsBytes) {
  for (const std::size_t size : {100, 1000, 5000, 20'000}) {
    renew({.enabled = false});
    const std::size_t count = 20'000'000 / size;
    append(std::vector<std::string>(count, std::string(size, 'x')), kStart);
    const auto over = static_cast<double>(memory_.used()) / static_cast<double>(count) -
                      static_cast<double>(size + 1);
    EXPECT_LT(over, std::max(48.0, static_cast<double>(size) * 0.04)) << size;
  }
}

TEST_F(ShardTest, TrimmingAnEmptyShardFreesNothing) { EXPECT_EQ(shard_->trim_early(1), 0); }

TEST_F(ShardTest, WhatAReaderHoldsOutlivesTheTrim) {
  append({"held"}, kStart);
  const auto got = read(1);
  shard_->trim_before(kStart + hours(1));
  EXPECT_EQ(got.records[0].data, "held");
}

TEST_F(ShardTest, WhatAReaderHoldsOutlivesTheShard) {
  append({"held"}, kStart);
  const auto got = read(1);
  shard_.reset();
  EXPECT_EQ(got.records[0].data, "held");
}

TEST_F(ShardTest, WhatAReaderHoldsIsNotChangedByLaterRecords) {
  append({"held"}, kStart);
  const auto got = read(1);
  append(std::vector<std::string>(1000, std::string(100, 'x')), kStart);
  EXPECT_EQ(got.records[0].data, "held");
}

TEST_F(ShardTest, TheMemoryOfAShardGoesWithIt) {
  append({"a", "b"}, kStart);
  shard_.reset();
  EXPECT_EQ(memory_.used(), 0);
}

TEST_F(ShardTest, AClosedShardEndsWhereItsRecordsDo) {
  append({"a", "b"}, kStart);
  shard_->close(kCreated + 1, kStart + seconds(1));
  EXPECT_FALSE(shard_->open());
  EXPECT_EQ(shard_->ending_number(),
            (SequenceNumber{kCreated, SequenceNumber::kIndexMax, kCreated + 1, 7}));
  EXPECT_FALSE(read(1, {.records_max = 1, .metered = false}).at_end);
  EXPECT_TRUE(read(2).at_end);
}

TEST_F(ShardTest, AnOpenShardHasNoEnd) {
  append({"a"}, kStart);
  EXPECT_FALSE(read(1).at_end);
  EXPECT_FALSE(shard_->closed_at());
}

TEST_F(ShardTest, BothBucketsMustHoldARecord) {
  renew({.enabled = true, .scale = 0.002});  // two records and 2 KiB a second
  EXPECT_THAT(append({"a", "b", "c"}, kStart), ElementsAre(true, true, false));
  EXPECT_THAT(append({"d"}, kStart + milliseconds(500)), ElementsAre(true));
}

TEST_F(ShardTest, ARefusedRecordLeavesTheBucketsAsTheyWere) {
  renew({.enabled = true});
  const std::string half(600'000, 'x');
  EXPECT_THAT(append({half, half, "x"}, kStart), ElementsAre(true, false, true));
  EXPECT_DOUBLE_EQ(shard_->counters(kStart).write_bytes_level, kMiB - 600'001 - 2);
  EXPECT_DOUBLE_EQ(shard_->counters(kStart).write_records_level, 998);
}

TEST_F(ShardTest, ReadsCloseTheShardForTheTimeThatTheirBytesTake) {
  renew({.enabled = true});
  append({std::string(1'000'000, 'x')}, kStart);
  const auto taken = Duration(static_cast<std::int64_t>(1e6 * 1e6 / kReadBytesPerSecond));
  EXPECT_TRUE(std::holds_alternative<Read>(shard_->read(1, {}, kStart, kNoHorizon)));
  EXPECT_TRUE(std::holds_alternative<ReadRefused>(
      shard_->read(1, {}, kStart + taken - Duration(1), kNoHorizon)));
  EXPECT_TRUE(std::holds_alternative<Read>(shard_->read(1, {}, kStart + taken, kNoHorizon)));
}

TEST_F(ShardTest, AnUnmeteredReadNeitherWaitsNorCharges) {
  renew({.enabled = true});
  append({std::string(1'000'000, 'x')}, kStart);
  for (int i = 0; i < 10; ++i) read(1);
  EXPECT_TRUE(std::holds_alternative<Read>(shard_->read(1, {}, kStart, kNoHorizon)));
}

TEST_F(ShardTest, NewLimitsHoldFromThenOn) {
  renew({.enabled = true});
  EXPECT_THAT(append({std::string(2 * kMiB, 'x')}, kStart), ElementsAre(false));
  shard_->set_limits({.enabled = true}, 4 * kMiB, kStart);
  EXPECT_THAT(append({std::string(2 * kMiB, 'x')}, kStart), ElementsAre(true));
}

TEST_F(ShardTest, CountersTellWhatCameAndWent) {
  renew({.enabled = true, .scale = 0.002});
  append({"aa", "b", "c"}, kStart);
  read(1);
  const auto counters = shard_->counters(kStart);
  EXPECT_EQ(counters.records_in, 2U);
  EXPECT_EQ(counters.bytes_in, 5U);  // with the keys
  EXPECT_EQ(counters.records_refused, 1U);
  EXPECT_EQ(counters.records_out, 2U);
  EXPECT_EQ(counters.bytes_out, 3U);
  EXPECT_EQ(counters.records_held, 2U);
  EXPECT_EQ(counters.bytes_held, static_cast<std::uint64_t>(memory_.used()));
}

}  // namespace
}  // namespace hydrant::streams
