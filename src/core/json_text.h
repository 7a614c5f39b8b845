// What a string of JSON may hold as it is, by eight bytes at a time: for its reader and its writer.
#pragma once
#include <cstdint>

namespace hydrant {

inline constexpr std::uint64_t kEachByte = 0x0101010101010101;
inline constexpr std::uint64_t kHighBits = 0x80 * kEachByte;

// The high bit of each byte that is a quote, a backslash or a control character, and perhaps of
// some behind the first one of these.
constexpr std::uint64_t special_in_json(std::uint64_t bytes) {
  const auto zero_bytes = [](std::uint64_t x) { return (x - kEachByte) & ~x & kHighBits; };
  const std::uint64_t control = (bytes - 0x20 * kEachByte) & ~bytes & kHighBits;
  return control | zero_bytes(bytes ^ ('"' * kEachByte)) | zero_bytes(bytes ^ ('\\' * kEachByte));
}

}  // namespace hydrant
