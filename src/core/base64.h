// Base64, standard alphabet with padding, strict in both directions. The decoder uses AVX2 where
// the machine has it: payloads are most of what a streaming server reads.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace hydrant {

enum class Base64Error {
  none,
  length,         // not a multiple of four
  character,      // not of the alphabet, or padding in the wrong place
  trailing_bits,  // the last character before the padding carries bits that belong to no byte
};

struct Base64Result {
  Base64Error error = Base64Error::none;
  std::size_t size = 0;  // bytes written
  char bad = 0;          // the first offending character, for Base64Error::character
};

constexpr std::size_t base64_decoded_max(std::size_t characters) { return characters / 4 * 3 + 3; }
constexpr std::size_t base64_encoded_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }

// `to` must hold base64_decoded_max(text.size()) + 32 bytes: whole vectors are stored. The first
// `done` characters, whole groups of four, were decoded to the first bytes of it before.
Base64Result base64_decode(std::string_view text, char* to, std::size_t done = 0);

// Of a text that ends somewhere in `text`: decodes as far as vectors go without meeting what is not
// of the alphabet, and says how many characters that was, in groups of four. `to` is as above.
std::size_t base64_decode_ahead(std::string_view text, char* to);

// False if `text` is not base64; `bytes` is then unspecified.
bool base64_decode(std::string_view text, std::string& bytes);

void append_base64(std::string& out, std::string_view bytes);
std::string base64_encode(std::string_view bytes);

}  // namespace hydrant
