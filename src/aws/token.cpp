// AES-256-GCM: eight bytes of layout version as the service's own iterators begin with, nonce,
// ciphertext, tag.
#include "aws/token.h"

#include <openssl/evp.h>

#include <cstring>
#include <memory>

#include "core/base64.h"

namespace hydrant::aws {
namespace {

constexpr std::string_view kVersion("\0\0\0\0\0\0\0\1", 8);
constexpr std::size_t kNonce = 12;
constexpr std::size_t kTag = 16;
static_assert(TokenSealer::kFrameBytes == kVersion.size() + kNonce + kTag);

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

unsigned char* bytes(char* at) { return reinterpret_cast<unsigned char*>(at); }
const unsigned char* bytes(const char* at) { return reinterpret_cast<const unsigned char*>(at); }

}  // namespace

TokenSealer::TokenSealer(Random& random) : random_(random) { renew(); }

void TokenSealer::renew() {
  MutexLock lock(mutex_);
  random_.bytes(key_.data(), key_.size());
}

TokenSealer::Key TokenSealer::key() const {
  MutexLock lock(mutex_);
  return key_;
}

std::string TokenSealer::seal(std::string_view text) {
  const Key secret = key();
  std::string sealed(kVersion);
  sealed.resize(kVersion.size() + kNonce + text.size() + kTag);
  char* nonce = sealed.data() + kVersion.size();
  random_.bytes(nonce, kNonce);
  char* body = nonce + kNonce;
  const Context context(EVP_CIPHER_CTX_new());
  int size = 0;
  EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, secret.data(), bytes(nonce));
  EVP_EncryptUpdate(context.get(), bytes(body), &size, bytes(text.data()),
                    static_cast<int>(text.size()));
  EVP_EncryptFinal_ex(context.get(), bytes(body) + size, &size);
  EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTag, body + text.size());
  return base64_encode(sealed);
}

std::optional<std::string> TokenSealer::open(std::string_view token) const {
  std::string sealed;
  if (!base64_decode(token, sealed)) return std::nullopt;
  if (sealed.size() < kFrameBytes || !sealed.starts_with(kVersion)) return std::nullopt;
  const Key secret = key();
  char* nonce = sealed.data() + kVersion.size();
  char* body = nonce + kNonce;
  const std::size_t length = sealed.size() - kFrameBytes;
  std::string text(length, '\0');
  const Context context(EVP_CIPHER_CTX_new());
  int size = 0;
  EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, secret.data(), bytes(nonce));
  EVP_DecryptUpdate(context.get(), bytes(text.data()), &size, bytes(body),
                    static_cast<int>(length));
  EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTag, body + length);
  if (EVP_DecryptFinal_ex(context.get(), bytes(text.data()) + size, &size) != 1)
    return std::nullopt;
  return text;
}

}  // namespace hydrant::aws
