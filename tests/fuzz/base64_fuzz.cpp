// The decoder against a plain one that looks at a character at a time, and the encoder against the
// decoder.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "core/base64.h"

namespace {

using hydrant::Base64Error;

int value_of(char c) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto at = kAlphabet.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

Base64Error judge(std::string_view text) {
  if (text.size() % 4 != 0) return Base64Error::length;
  std::size_t digits = text.size();
  if (digits > 0 && text[digits - 1] == '=') --digits;
  if (digits < text.size() && text[digits - 1] == '=') --digits;
  for (const char c : text.substr(0, digits))
    if (value_of(c) < 0) return Base64Error::character;
  const std::size_t padding = text.size() - digits;
  if (padding == 0) return Base64Error::none;
  const int unused = value_of(text[digits - 1]) & (padding == 1 ? 3 : 15);
  return unused == 0 ? Base64Error::none : Base64Error::trailing_bits;
}

void require(bool good) {
  if (!good) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto room = std::make_unique<char[]>(hydrant::base64_decoded_max(size) + 32);
  const auto decoded = hydrant::base64_decode(text, room.get());
  require(decoded.error == judge(text));
  if (decoded.error == Base64Error::none)
    require(hydrant::base64_encode({room.get(), decoded.size}) == text);

  const auto ahead = hydrant::base64_decode_ahead(text, room.get());
  require(ahead <= size && ahead % 4 == 0);
  const auto gone_on = hydrant::base64_decode(text, room.get(), ahead);
  require(gone_on.error == decoded.error && gone_on.bad == decoded.bad);
  require(gone_on.size == decoded.size);

  std::string bytes;
  require(hydrant::base64_decode(hydrant::base64_encode(text), bytes));
  require(bytes == text);
  return 0;
}
