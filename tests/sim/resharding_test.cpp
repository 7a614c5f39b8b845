// Splits, merges and updates of the shard count, at random and with puts and reads between them:
// after each step the ring is covered exactly once and the lineage is right, and a consumer that
// follows the lineage sees each record once, those of a partition key in the order of their puts.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "engine/streams/registry.h"

namespace hydrant::streams {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kSeeds = 10'000;
constexpr int kSteps = 60;
constexpr int kKeys = 12;
constexpr std::int32_t kOpenShardsMax = 24;
constexpr TimePoint kStart{std::chrono::seconds(1'767'225'600)};

// Reads as the Kinesis Client Library does: a child only when all of its parents are at their end.
class Consumer {
 public:
  explicit Consumer(const Stream& stream) : stream_(stream) {}

  // Every shard that may be read, `records_max` records of each. True if there was anything new.
  bool read(std::int64_t records_max, TimePoint now) {
    bool progress = false;
    for (const auto& shard : stream_.shards()) {
      if (finished_.contains(shard->number()) || !parents_finished(*shard)) continue;
      progress |= read_shard(*shard, records_max, now);
    }
    return progress;
  }
  const std::map<std::string, std::vector<int>>& seen() const { return seen_; }

 private:
  bool parents_finished(const Shard& shard) const {
    const auto& lineage = shard.lineage();
    for (const auto& parent : {lineage.parent, lineage.adjacent_parent})
      if (parent && !finished_.contains(*parent)) return false;
    return true;
  }
  bool read_shard(Shard& shard, std::int64_t records_max, TimePoint now) {
    auto& position = positions_[shard.number()];
    const auto outcome =
        shard.read(position, {.records_max = records_max, .metered = false}, now, TimePoint{});
    const auto& read = std::get<Read>(outcome);
    for (const auto& record : read.records) {
      const std::string key(record.partition_key);
      seen_[key].push_back(std::stoi(std::string(record.data)));
      auto& last = last_number_[key];
      EXPECT_LT(last, record.number.str()) << "of key " << key;
      last = record.number.str();
      EXPECT_TRUE(shard.range().contains(HashKey::of_partition_key(key)));
    }
    position = read.next;
    if (read.at_end) finished_.insert(shard.number());
    return read.at_end || !read.records.empty();
  }

  const Stream& stream_;
  std::map<std::int32_t, std::uint64_t> positions_;
  std::set<std::int32_t> finished_;
  std::map<std::string, std::vector<int>> seen_;
  std::map<std::string, std::string> last_number_;
};

class Simulation {
 public:
  explicit Simulation(std::uint64_t seed)
      : dice_(seed),
        registry_({clock_, memory_, {.enabled = false}}, {.reshard = milliseconds(up_to(1) * 500)},
                  WhenFull::refuse),
        stream_(
            registry_.create_active({"1", "r", "s"}, {}, static_cast<std::int32_t>(1 + up_to(4)))),
        consumer_(*stream_) {}

  void run() {
    for (int i = 0; i < kSteps && !testing::Test::HasFailure(); ++i) {
      step();
      check_ring();
    }
    settle();
    check_lineage();
    check_records();
  }

 private:
  // 0 to `most`, both possible.
  std::uint64_t up_to(std::uint64_t most) {
    return std::uniform_int_distribution<std::uint64_t>(0, most)(dice_);
  }

  void step() {
    switch (up_to(7)) {
      case 0:
        return split();
      case 1:
        return merge();
      case 2:
        return update_shard_count();
      case 3:
        clock_.advance(milliseconds(up_to(1'500)));
        return;
      case 4:
        consumer_.read(static_cast<std::int64_t>(1 + up_to(20)), clock_.now());
        return;
      default:
        return put();
    }
  }

  void put() {
    const auto count = 1 + up_to(7);
    std::vector<std::string> data, keys;
    for (std::uint64_t i = 0; i < count; ++i) {
      keys.push_back("key-" + std::to_string(up_to(kKeys - 1)));
      data.push_back(std::to_string(put_[keys.back()]++));
    }
    std::vector<NewRecord> records;
    for (std::uint64_t i = 0; i < count; ++i)
      records.push_back({data[i], keys[i], HashKey::of_partition_key(keys[i])});
    std::vector<Placement> placements(count);
    for (const auto& record : records) ASSERT_TRUE(registry_.make_room(Shard::footprint(record)));
    stream_->append(records, placements);
    for (const auto& placement : placements) ASSERT_TRUE(placement.placed);
  }

  void split() {
    const auto open = stream_->open_shards();
    if (open.size() >= kOpenShardsMax) return;
    const auto& shard = *open[up_to(open.size() - 1)];
    const auto width = shard.range().last.value() - shard.range().first.value();
    if (width < 4) return;
    // Near an end as often as in the middle.
    const auto from_start = up_to(1) == 0 ? HashKey::Value{2} : width / (2 + up_to(5));
    registry_.split(stream_, shard.number(), HashKey(shard.range().first.value() + from_start));
  }

  void merge() {
    const auto open = stream_->open_shards();
    if (open.size() < 2) return;
    const auto lower = up_to(open.size() - 2);
    registry_.merge(stream_, open[lower]->number(), open[lower + 1]->number());
  }

  void update_shard_count() {
    const auto open = stream_->open_shards().size();
    const auto least = (open + 1) / 2;
    const auto target = least + up_to(2 * open - least);
    if (target <= kOpenShardsMax)
      registry_.update_shard_count(stream_, static_cast<std::int32_t>(target));
  }

  void check_ring() {
    HashKey::Value next = 0;
    for (const auto& shard : stream_->open_shards()) {
      ASSERT_EQ(shard->range().first, HashKey(next)) << "at " << shard->id();
      ASSERT_LE(shard->range().first, shard->range().last);
      next = shard->range().last.value() + 1;
    }
    ASSERT_EQ(HashKey(next), HashKey(0)) << "the ring ends too early";
  }

  // What has begun is carried out.
  void settle() {
    for (int i = 0; i < 10 && stream_->status() != Status::active; ++i)
      clock_.advance(milliseconds(1'000));
    ASSERT_EQ(stream_->status(), Status::active);
    check_ring();
  }

  void check_lineage() {
    for (const auto& shard : stream_->shards()) {
      const auto& [parent, adjacent] = shard->lineage();
      if (parent) check_descent(*shard, *stream_->shard(*parent));
      if (!adjacent) continue;
      const auto& lower = stream_->shard(*parent)->range();
      const auto& upper = stream_->shard(*adjacent)->range();
      check_descent(*shard, *stream_->shard(*adjacent));
      EXPECT_TRUE(lower.adjoins(upper));
      EXPECT_EQ(shard->range().first, lower.first);
      EXPECT_EQ(shard->range().last, upper.last);
    }
    for (const auto& shard : stream_->shards()) {
      const auto children = stream_->children_of(shard->number());
      EXPECT_EQ(children.empty(), shard->open());
      if (children.size() != 2) continue;
      EXPECT_EQ(children[0]->range().first, shard->range().first);
      EXPECT_TRUE(children[0]->range().adjoins(children[1]->range()));
      EXPECT_EQ(children[1]->range().last, shard->range().last);
    }
  }

  static void check_descent(const Shard& child, const Shard& parent) {
    ASSERT_FALSE(parent.open());
    EXPECT_LT(parent.number(), child.number());
    EXPECT_LT(parent.ending_number()->str(), child.starting_number().str());
    EXPECT_LT(parent.ending_number()->time_s, child.starting_number().created_s);
  }

  void check_records() {
    while (consumer_.read(1'000, clock_.now())) {
    }
    std::size_t keys = 0;
    for (const auto& [key, count] : put_) {
      std::vector<int> expected;
      for (int serial = 0; serial < count; ++serial) expected.push_back(serial);
      const auto found = consumer_.seen().find(key);
      ASSERT_NE(found, consumer_.seen().end()) << key;
      EXPECT_EQ(found->second, expected) << key;
      ++keys;
    }
    EXPECT_EQ(consumer_.seen().size(), keys);
  }

  std::mt19937_64 dice_;
  VirtualClock clock_{kStart};
  MemoryBudget memory_{std::int64_t{1} << 30};
  Registry registry_;
  std::shared_ptr<Stream> stream_;
  Consumer consumer_;
  std::map<std::string, int> put_;  // how many records each key was put with
};

TEST(ReshardingTest, NothingIsLostOrOutOfOrderWhateverTheSequence) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Simulation(seed).run();
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace hydrant::streams
