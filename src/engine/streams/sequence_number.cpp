// Layout of version 2, from the low end: version (4 bits), shard (32), second of the record (36),
// zero (8), index (64), shard modulo 16 (4), second of creation (36), constant 2 (4).
#include "engine/streams/sequence_number.h"

#include <array>
#include <cstring>
#include <utility>

namespace hydrant::streams {
namespace {

__extension__ using Wide = unsigned __int128;
using Limbs = std::array<std::uint64_t, 3>;  // little end first

constexpr std::uint64_t kTenTo19 = 10'000'000'000'000'000'000ULL;
constexpr std::uint64_t kMask36 = (1ULL << 36) - 1;
// Later than this the service calls the number invalid.
constexpr std::int64_t kSecondsMax = 16'025'175'000;

Limbs pack(const SequenceNumber& number) {
  const auto time = static_cast<std::uint64_t>(number.time_s) & kMask36;
  const auto created = static_cast<std::uint64_t>(number.created_s) & kMask36;
  const auto shard = static_cast<std::uint32_t>(number.shard);
  return {2ULL | (static_cast<std::uint64_t>(shard) << 4) | (time << 36),
          (time >> 28) | (number.index << 16),
          (number.index >> 48) | (static_cast<std::uint64_t>(shard & 15) << 16) | (created << 20) |
              (2ULL << 56)};
}

// Of high * 2^64 + low, where high is less than the divisor. The compiler cannot know that the
// result fits, and would call a function that looks.
std::uint64_t divide(std::uint64_t high, std::uint64_t low, std::uint64_t divisor,
                     std::uint64_t& rest) {
#if defined(__x86_64__)
  std::uint64_t quotient = 0;
  asm("divq %4" : "=a"(quotient), "=d"(rest) : "a"(low), "d"(high), "r"(divisor) : "cc");
  return quotient;
#else
  const Wide value = (static_cast<Wide>(high) << 64) | low;
  rest = static_cast<std::uint64_t>(value % divisor);
  return static_cast<std::uint64_t>(value / divisor);
#endif
}

std::uint64_t divide(Limbs& limbs, std::uint64_t divisor) {
  std::uint64_t rest = 0;
  for (auto limb = limbs.rbegin(); limb != limbs.rend(); ++limb) {
    if (rest == 0 && *limb < divisor) {
      rest = std::exchange(*limb, 0);  // what most limbs come to; dividing is slow
    } else {
      *limb = divide(rest, *limb, divisor, rest);
    }
  }
  return rest;
}

bool multiply_add(Limbs& limbs, std::uint64_t factor, std::uint64_t addend) {
  Wide carry = addend;
  for (auto& limb : limbs) {
    carry += static_cast<Wide>(limb) * factor;
    limb = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return carry == 0;
}

constexpr auto kPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

void write_pair(char* to, std::uint32_t value) { std::memcpy(to, &kPairs[2 * value], 2); }

// The parts do not wait for each other, as the digits of a loop would.
void write_eight(char* to, std::uint32_t value) {
  const std::uint32_t upper = value / 10'000, lower = value % 10'000;
  write_pair(to, upper / 100);
  write_pair(to + 2, upper % 100);
  write_pair(to + 4, lower / 100);
  write_pair(to + 6, lower % 100);
}

// Up to 19 digits; the first three of them may be fewer.
void write_digits(char* to, std::uint64_t value, int digits) {
  constexpr std::uint64_t kTenTo8 = 100'000'000;
  const std::uint64_t upper = value / kTenTo8;
  auto first = static_cast<std::uint32_t>(upper / kTenTo8);
  const int firsts = digits - 16;
  for (int i = firsts - 1; i >= 0; --i, first /= 10) to[i] = static_cast<char>('0' + first % 10);
  write_eight(to + firsts, static_cast<std::uint32_t>(upper % kTenTo8));
  write_eight(to + firsts + 8, static_cast<std::uint32_t>(value % kTenTo8));
}

// `count` hex digits that start at hex digit `from` of a number of `digits` hex digits in all.
std::uint64_t hex_field(const Limbs& limbs, int digits, int from, int count) {
  std::uint64_t value = 0;
  for (int i = from; i < from + count; ++i) {
    const int bit = (digits - 1 - i) * 4;
    value = (value << 4) | ((limbs[static_cast<std::size_t>(bit / 64)] >> (bit % 64)) & 15);
  }
  return value;
}

int hex_digits(const Limbs& limbs) {
  for (int i = 47; i >= 0; --i)
    if ((limbs[static_cast<std::size_t>(i / 16)] >> (i % 16 * 4) & 15) != 0) return i + 1;
  return 0;
}

std::optional<SequenceNumber> checked(std::uint64_t created, std::uint64_t index,
                                      std::uint64_t time, std::uint64_t shard) {
  SequenceNumber number;
  number.created_s = static_cast<std::int64_t>(created);
  number.index = index;
  number.time_s = static_cast<std::int64_t>(time);
  number.shard = static_cast<std::int32_t>(static_cast<std::uint32_t>(shard));
  const bool in_range = index <= SequenceNumber::kIndexMax && number.created_s < kSecondsMax &&
                        number.time_s < kSecondsMax;
  if (!in_range) return std::nullopt;
  return number;
}

}  // namespace

void SequenceNumber::write(char* to) const {
  Limbs limbs = pack(*this);
  write_digits(to + 37, divide(limbs, kTenTo19), 19);
  write_digits(to + 18, divide(limbs, kTenTo19), 19);
  write_digits(to, limbs[0], 18);
}

std::string SequenceNumber::str() const {
  std::string text(kDigits, '0');
  write(text.data());
  return text;
}

std::optional<SequenceNumber> SequenceNumber::parse(std::string_view decimal) {
  if (decimal.empty()) return std::nullopt;
  Limbs limbs{};
  for (const char c : decimal) {
    if (c < '0' || c > '9') return std::nullopt;
    if (!multiply_add(limbs, 10, static_cast<std::uint64_t>(c - '0'))) return std::nullopt;
  }
  // Version 0 has 32 hex digits that begin with 1; smaller numbers are read as if they had that 1.
  constexpr std::uint64_t kBit124 = 1ULL << 60;
  if (limbs[2] == 0 && limbs[1] < kBit124) limbs[1] += kBit124;
  const int digits = hex_digits(limbs);
  const auto field = [&](int from, int count) { return hex_field(limbs, digits, from, count); };

  if (digits == 32 && field(0, 1) == 1) return checked(field(1, 9), 0, field(1, 9), field(28, 4));
  if (digits != 47 || field(0, 1) != 2) return std::nullopt;
  if (field(46, 1) == 2) return checked(field(1, 9), field(11, 16), field(29, 9), field(38, 8));
  // Version 1, not issued since 2014: a random part stands where the index is today.
  if (field(46, 1) == 1) return checked(field(1, 9), 0, field(13, 9), field(38, 8));
  return std::nullopt;
}

ShardId::ShardId(std::int32_t shard) {
  constexpr std::string_view kPrefix = "shardId-";
  std::memcpy(text_.data(), kPrefix.data(), kPrefix.size());
  const auto number = static_cast<std::uint32_t>(shard);
  auto rest = shard < 0 ? 0 - number : number;
  std::memset(text_.data() + kPrefix.size(), '0', text_.size() - kPrefix.size());
  for (std::size_t at = text_.size(); rest > 0; rest /= 10)
    text_[--at] = static_cast<char>('0' + rest % 10);
  if (shard < 0) text_[kPrefix.size()] = '-';
}

std::string shard_id(std::int32_t shard) { return std::string(ShardId(shard).view()); }

std::optional<std::int32_t> parse_shard_id(std::string_view text) {
  const auto dash = text.find('-');
  const auto digits = dash == std::string_view::npos ? text : text.substr(dash + 1);
  if (digits.empty()) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
    if (value > INT32_MAX) return std::nullopt;
  }
  return static_cast<std::int32_t>(value);
}

}  // namespace hydrant::streams
