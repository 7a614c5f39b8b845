#pragma once
#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hydrant::streams {

// A point on the ring of 2^128 that the shards of a stream divide among themselves.
class HashKey {
 public:
  __extension__ using Value = unsigned __int128;

  constexpr HashKey() = default;
  constexpr explicit HashKey(Value value) : value_(value) {}
  static constexpr HashKey max() { return HashKey(~static_cast<Value>(0)); }
  static HashKey of_partition_key(std::string_view key);  // MD5, big-endian
  // The same for many, which costs a fifth for each. Both spans are of one size.
  static void of_partition_keys(std::span<const std::string_view> keys, std::span<HashKey> to);
  static std::optional<HashKey> parse(std::string_view decimal);  // none if off the ring

  std::string str() const;
  constexpr Value value() const { return value_; }
  constexpr HashKey next() const { return HashKey(value_ + 1); }
  constexpr auto operator<=>(const HashKey&) const = default;

 private:
  Value value_ = 0;
};

// Both ends belong to the range, as StartingHashKey and EndingHashKey do.
struct HashRange {
  HashKey first;
  HashKey last = HashKey::max();

  constexpr bool contains(HashKey key) const { return first <= key && key <= last; }
  // MergeShards takes two neighbours; the top of the ring has none on its right.
  constexpr bool adjoins(const HashRange& right) const {
    return last != HashKey::max() && last.next() == right.first;
  }
};

}  // namespace hydrant::streams
