// The 186-bit number that Kinesis gives every record: creation second of its shard, running index,
// second of the record and shard, laid out so that the decimal text sorts in that order.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hydrant::streams {

struct SequenceNumber {
  static constexpr std::uint64_t kIndexMax = 0x7fffffffffffffffULL;  // of a closed shard's end
  static constexpr std::size_t kDigits = 56;

  std::int64_t created_s = 0;  // 36 bits: second in which the shard was created
  std::uint64_t index = 0;     // 0 is the start of the shard, its first record has 1
  std::int64_t time_s = 0;     // 36 bits: second of the record
  std::int32_t shard = 0;      // number of the shard within its stream

  std::string str() const;     // 56 digits
  void write(char* to) const;  // the same, into 56 characters
  auto operator<=>(const SequenceNumber&) const = default;

  // Reads versions 2 (the only one issued since 2014) and 0 (what small numbers such as "5" decode
  // to). None: no number, another version, an index with its top bit set, or a time that is too
  // large.
  static std::optional<SequenceNumber> parse(std::string_view decimal);
};

// "shardId-000000000003". What clients make up may be negative: "shardId--00000000003".
class ShardId {
 public:
  explicit ShardId(std::int32_t shard);
  std::string_view view() const { return {text_.data(), text_.size()}; }

 private:
  std::array<char, 20> text_;
};
std::string shard_id(std::int32_t shard);

// What the API takes for a shard id: digits behind the first '-', or the whole text; the prefix is
// not looked at. None if it cannot be read as a number up to 2147483647.
std::optional<std::int32_t> parse_shard_id(std::string_view text);

}  // namespace hydrant::streams
