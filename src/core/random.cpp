#include "core/random.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <random>

namespace hydrant {

void Random::uuid_to(char* to) {
  static constexpr auto kHexOfByte = [] {
    constexpr char kHex[] = "0123456789abcdef";
    std::array<std::array<char, 2>, 256> pairs{};
    for (std::size_t byte = 0; byte < 256; ++byte) pairs[byte] = {kHex[byte >> 4], kHex[byte & 15]};
    return pairs;
  }();
  std::uint64_t halves[2] = {next(), next()};
  halves[0] = (halves[0] & ~0xf000ULL) | 0x4000ULL;
  halves[1] = (halves[1] & ~(3ULL << 62)) | (2ULL << 62);
  char* out = to;
  for (int byte = 0; byte < 16; ++byte) {
    if (byte == 4 || byte == 6 || byte == 8 || byte == 10) *out++ = '-';
    const auto& pair = kHexOfByte[(halves[byte / 8] >> (56 - 8 * (byte % 8))) & 255];
    std::memcpy(out, pair.data(), pair.size());
    out += pair.size();
  }
}

std::string Random::uuid() {
  std::string text(36, '\0');
  uuid_to(text.data());
  return text;
}

// The numbers are those that next() would give, taken in one step: threads that take many at a time
// would else fight for the counter.
void Random::bytes(void* to, std::size_t size) {
  auto* out = static_cast<char*>(to);
  const std::size_t words = (size + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t);
  std::uint64_t state = state_.fetch_add(words * kStep, std::memory_order_relaxed);
  while (size > 0) {
    const std::uint64_t word = mix(state += kStep);
    const std::size_t part = std::min(size, sizeof word);
    std::memcpy(out, &word, part);
    out += part;
    size -= part;
  }
}

std::uint64_t Random::seed_from_system() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device();
}

}  // namespace hydrant
