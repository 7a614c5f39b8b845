#include "engine/streams/hash_key.h"

#include <openssl/evp.h>

#include <array>

#include "engine/streams/md5_lanes.h"

namespace hydrant::streams {
namespace {

HashKey::Value big_endian(const Md5Digest& digest) {
  const auto half = [&](std::size_t from) {
    std::uint64_t value = 0;
    for (std::size_t i = from; i < from + 8; ++i) value = (value << 8) | digest[i];  // one bswap
    return value;
  };
  return (static_cast<HashKey::Value>(half(0)) << 64) | half(8);
}

// Fetching the algorithm costs twice as much as the digest of a short key, so each thread keeps
// one.
class Md5 {
 public:
  Md5() : algorithm_(EVP_MD_fetch(nullptr, "MD5", nullptr)), context_(EVP_MD_CTX_new()) {}
  ~Md5() {
    EVP_MD_CTX_free(context_);
    EVP_MD_free(algorithm_);
  }
  Md5(const Md5&) = delete;
  Md5& operator=(const Md5&) = delete;

  HashKey::Value digest(std::string_view text) {
    Md5Digest bytes;
    EVP_DigestInit_ex(context_, algorithm_, nullptr);
    EVP_DigestUpdate(context_, text.data(), text.size());
    EVP_DigestFinal_ex(context_, bytes.data(), nullptr);
    return big_endian(bytes);
  }

 private:
  EVP_MD* algorithm_;
  EVP_MD_CTX* context_;
};

}  // namespace

HashKey HashKey::of_partition_key(std::string_view key) {
  if (key.size() <= kMd5LaneBytesMax) return HashKey(big_endian(md5_short(key)));
  thread_local Md5 md5;
  return HashKey(md5.digest(key));
}

void HashKey::of_partition_keys(std::span<const std::string_view> keys, std::span<HashKey> to) {
  std::array<std::string_view, kMd5Lanes> texts;
  std::array<std::size_t, kMd5Lanes> places;
  std::array<Md5Digest, kMd5Lanes> digests;
  std::size_t waiting = 0;
  const auto finish = [&] {
    md5_lanes(texts, digests);
    for (std::size_t i = 0; i < waiting; ++i) to[places[i]] = HashKey(big_endian(digests[i]));
    waiting = 0;
  };
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].size() > kMd5LaneBytesMax) {
      to[i] = of_partition_key(keys[i]);
      continue;
    }
    texts[waiting] = keys[i];
    places[waiting] = i;
    if (++waiting == kMd5Lanes) finish();
  }
  if (waiting > 0) finish();  // the other lanes have old texts, and nobody looks at them
}

std::optional<HashKey> HashKey::parse(std::string_view decimal) {
  if (decimal.empty() || decimal.size() > 39) return std::nullopt;  // 2^128 - 1 has 39 digits
  Value value = 0;
  for (const char c : decimal) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<Value>(c - '0');
    if (value > (max().value() - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return HashKey(value);
}

std::string HashKey::str() const {
  char digits[40];
  char* at = digits + sizeof digits;
  Value rest = value_;
  do {
    *--at = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  } while (rest != 0);
  return {at, digits + sizeof digits};
}

}  // namespace hydrant::streams
