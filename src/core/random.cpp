#include "core/random.h"

#include <algorithm>
#include <cstring>
#include <random>

namespace hydrant {

void Random::uuid_to(char* to) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::uint64_t halves[2] = {next(), next()};
  halves[0] = (halves[0] & ~0xf000ULL) | 0x4000ULL;
  halves[1] = (halves[1] & ~(3ULL << 62)) | (2ULL << 62);
  char* out = to;
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) *out++ = '-';
    *out++ = kHex[(halves[i / 16] >> (60 - 4 * (i % 16))) & 15];
  }
}

std::string Random::uuid() {
  std::string text(36, '\0');
  uuid_to(text.data());
  return text;
}

void Random::bytes(void* to, std::size_t size) {
  auto* out = static_cast<char*>(to);
  while (size > 0) {
    const std::uint64_t word = next();
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
