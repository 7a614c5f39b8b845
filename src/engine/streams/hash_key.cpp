#include "engine/streams/hash_key.h"

#include <openssl/evp.h>

#include <memory>

namespace hydrant::streams {
namespace {

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
    unsigned char bytes[EVP_MAX_MD_SIZE];
    EVP_DigestInit_ex(context_, algorithm_, nullptr);
    EVP_DigestUpdate(context_, text.data(), text.size());
    EVP_DigestFinal_ex(context_, bytes, nullptr);
    HashKey::Value value = 0;
    for (int i = 0; i < 16; ++i) value = (value << 8) | bytes[i];
    return value;
  }

 private:
  EVP_MD* algorithm_;
  EVP_MD_CTX* context_;
};

}  // namespace

HashKey HashKey::of_partition_key(std::string_view key) {
  thread_local Md5 md5;
  return HashKey(md5.digest(key));
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
