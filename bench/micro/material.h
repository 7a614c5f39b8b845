// What the microbenchmarks work on: records and bodies at random, the same in every run.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "aws/codec/codec.h"
#include "core/clock.h"
#include "core/memory_budget.h"
#include "core/random.h"
#include "engine/streams/registry.h"
#include "net/message.h"

namespace hydrant::micro {

inline constexpr TimePoint kNow{std::chrono::seconds(1'767'225'600)};  // 2026-01-01T00:00:00Z
inline constexpr std::size_t kKeyBytes = 16;

inline std::string random_bytes(std::size_t size, std::uint64_t seed = 1) {
  Random random(seed);
  std::string bytes(size, '\0');
  random.bytes(bytes.data(), size);
  return bytes;
}

inline std::string random_letters(std::size_t size, std::uint64_t seed = 1) {
  std::string text = random_bytes(size, seed);
  for (char& c : text) c = static_cast<char>('a' + static_cast<unsigned char>(c) % 26);
  return text;
}

// Followed by what a parser may load beyond its end, as the body of a request is.
class Body {
 public:
  explicit Body(std::string text) : text_(std::move(text)), size_(text_.size()) {
    text_.append(net::kBodyPadding, ' ');
  }
  std::string_view view() const { return {text_.data(), size_}; }

 private:
  std::string text_;
  std::size_t size_;
};

// Of PutRecords, as a client writes it.
inline Body put_records_body(aws::Codec codec, std::size_t records, std::size_t record_bytes) {
  std::string text;
  aws::write_body(text, codec, [&](aws::Writer& to) {
    to.begin_map().member("StreamName", "bench").key("Records").begin_list();
    for (std::size_t i = 0; i < records; ++i) {
      to.begin_map().key("Data").blob(random_bytes(record_bytes, i));
      to.member("PartitionKey", std::string_view(random_letters(kKeyBytes, i))).end_map();
    }
    to.end_list().end_map();
  });
  return Body(std::move(text));
}

// Records that have been decoded and have their place on the ring.
class NewRecords {
 public:
  NewRecords(std::size_t count, std::size_t bytes) {
    for (std::size_t i = 0; i < count; ++i) {
      data_.push_back(random_bytes(bytes, i));
      keys_.push_back(random_letters(kKeyBytes, i));
    }
    for (std::size_t i = 0; i < count; ++i)
      records_.push_back({data_[i], keys_[i], streams::HashKey::of_partition_key(keys_[i])});
    for (const auto& record : records_) footprint_ += streams::Shard::footprint(record);
  }
  NewRecords(const NewRecords&) = delete;
  NewRecords& operator=(const NewRecords&) = delete;

  const std::vector<streams::NewRecord>& records() const { return records_; }
  std::int64_t footprint() const { return footprint_; }

 private:
  std::vector<std::string> data_, keys_;
  std::vector<streams::NewRecord> records_;
  std::int64_t footprint_ = 0;
};

// A stream whose limits are computed and never reached; the oldest records make room for new ones.
class World {
 public:
  explicit World(std::int32_t shards)
      : stream(registry.create_active({"000000000000", "us-east-1", "bench"}, {}, shards)) {}

  VirtualClock clock{kNow};
  Random random{1};
  MemoryBudget memory{std::int64_t{256} << 20};
  streams::Registry registry{
      {clock, memory, {.enabled = true, .scale = 1e9}}, {}, streams::WhenFull::trim};
  std::shared_ptr<streams::Stream> stream;
};

}  // namespace hydrant::micro
