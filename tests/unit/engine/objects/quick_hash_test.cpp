#include "engine/objects/quick_hash.h"

#include <gtest/gtest.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <string>

namespace hydrant::objects {
namespace {

std::string some_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  unsigned state = 1;
  for (char& byte : bytes) byte = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24);
  return bytes;
}

// Whatever the processor has: the library's own form is compiled for none in particular.
TEST(QuickHashTest, ItIsXxh3OfEverySize) {
  for (const std::size_t size : {0, 1, 16, 17, 128, 240, 241, 1024, 4096, 1'000'003}) {
    const std::string bytes = some_bytes(size);
    XXH128_canonical_t expected;
    XXH128_canonicalFromHash(&expected, XXH3_128bits(bytes.data(), bytes.size()));
    EXPECT_TRUE(std::ranges::equal(quick_hash(bytes), expected.digest)) << size;
  }
}

TEST(QuickHashTest, OneBitMakesAnother) {
  std::string bytes = some_bytes(100'000);
  const auto before = quick_hash(bytes);
  bytes[50'000] ^= 1;
  EXPECT_NE(quick_hash(bytes), before);
}

}  // namespace
}  // namespace hydrant::objects
