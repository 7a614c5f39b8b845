// Writers, readers, reshards and trims at the same time. What a single thread cannot show: that
// readers see whole records in order while the shards around them change.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "engine/streams/registry.h"

namespace hydrant::streams {
namespace {

constexpr int kWriters = 4;
constexpr int kReaders = 4;
constexpr int kRecordsOfWriter = 2000;

class RaceTest : public testing::Test {
 protected:
  // Each record says who wrote it and when, and is as long as that says.
  static std::string data_of(int writer, int serial) {
    return std::to_string(writer) + ":" + std::to_string(serial) + ":" +
           std::string(static_cast<std::size_t>(serial % 200), static_cast<char>('a' + writer));
  }
  void write(int writer) {
    const auto key = "writer-" + std::to_string(writer);
    for (int serial = 0; serial < kRecordsOfWriter; ++serial) {
      const auto data = data_of(writer, serial);
      const NewRecord record{data, key, HashKey::of_partition_key(key)};
      ASSERT_TRUE(registry_.make_room(Shard::footprint(record)));
      Placement placement;
      stream_->append({&record, 1}, {&placement, 1});
      ASSERT_TRUE(placement.placed);
    }
  }
  // Follows every shard to its end or, for those that stay open, until the writers are done.
  std::map<std::string, std::vector<std::string>> follow() {
    std::map<std::string, std::vector<std::string>> seen;
    std::map<std::int32_t, std::uint64_t> positions;
    for (bool last = false;; last = done_) {
      for (const auto& shard : stream_->shards()) {
        auto& position = positions[shard->number()];
        const auto outcome = shard->read(position, {.metered = false}, clock_.now(), TimePoint{});
        const auto& read = std::get<Read>(outcome);
        for (const auto& record : read.records)
          seen[std::string(record.partition_key)].emplace_back(record.data);
        position = read.next;
      }
      if (last) return seen;
    }
  }

  VirtualClock clock_{TimePoint{std::chrono::seconds(1000)}};
  MemoryBudget memory_{std::int64_t{1} << 30};
  Registry registry_{{clock_, memory_, {.enabled = false}}, {}, WhenFull::refuse};
  std::shared_ptr<Stream> stream_ = registry_.create({"1", "r", "s"}, {}, 2);
  std::atomic<bool> done_{false};
};

TEST_F(RaceTest, ReadersSeeEveryRecordOnceWhileShardsSplitAndMerge) {
  std::vector<std::thread> writers, readers;
  std::vector<std::map<std::string, std::vector<std::string>>> seen(kReaders);
  for (auto& mine : seen) readers.emplace_back([&] { mine = follow(); });
  for (int i = 0; i < kWriters; ++i) writers.emplace_back([this, i] { write(i); });
  for (int i = 0; i < 20; ++i) registry_.update_shard_count(stream_, i % 2 == 0 ? 4 : 2);
  for (auto& writer : writers) writer.join();
  done_ = true;
  for (auto& reader : readers) reader.join();

  std::map<std::string, std::vector<std::string>> written;
  for (int writer = 0; writer < kWriters; ++writer)
    for (int serial = 0; serial < kRecordsOfWriter; ++serial)
      written["writer-" + std::to_string(writer)].push_back(data_of(writer, serial));
  for (auto& mine : seen) {
    // A reader may come to a child before it has finished the parent, so only the set is told.
    for (auto& [key, records] : mine) std::sort(records.begin(), records.end());
  }
  for (auto& [key, records] : written) std::sort(records.begin(), records.end());
  for (const auto& mine : seen) EXPECT_TRUE(mine == written);
}

TEST_F(RaceTest, WhatAReaderHoldsIsWholeWhileTheShardIsTrimmed) {
  std::vector<std::thread> threads;
  threads.emplace_back([this] {
    for (int i = 0; i < 200; ++i)
      for (const auto& shard : stream_->shards()) shard->trim_early(2000);
  });
  for (int i = 0; i < kWriters; ++i) threads.emplace_back([this, i] { write(i); });
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([this] {
      for (const auto& [key, records] : follow())
        for (const auto& record : records) {
          const auto serial = std::stoi(record.substr(record.find(':') + 1));
          ASSERT_EQ(record, data_of(key.back() - '0', serial));
        }
    });
  for (std::size_t i = 0; i < 1 + kWriters; ++i) threads[i].join();
  done_ = true;
  for (std::size_t i = 1 + kWriters; i < threads.size(); ++i) threads[i].join();
}

TEST_F(RaceTest, TheMemoryBudgetBalancesWhenAllIsGone) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters; ++i) threads.emplace_back([this, i] { write(i); });
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([this] {
      for (int round = 0; round < 100; ++round)
        for (const auto& shard : stream_->shards()) shard->trim_early(5000);
    });
  for (auto& thread : threads) thread.join();
  stream_.reset();
  registry_.clear();
  EXPECT_EQ(memory_.used(), 0);
}

}  // namespace
}  // namespace hydrant::streams
