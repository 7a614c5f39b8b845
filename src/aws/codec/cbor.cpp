#include "aws/codec/cbor.h"

namespace hydrant::aws {
namespace {

// Major type 3 (text) with the shortest form of its length.
void append_text(std::string& out, std::string_view text) {
  constexpr unsigned kText = 3U << 5;
  const auto size = text.size();
  const auto byte = [&](std::size_t value) { out.push_back(static_cast<char>(value)); };
  if (size < 24) {
    byte(kText | size);
  } else if (size < 0x100) {
    byte(kText | 24);
    byte(size);
  } else if (size < 0x10000) {
    byte(kText | 25);
    byte(size >> 8);
    byte(size);
  } else {
    byte(kText | 26);
    for (int shift = 24; shift >= 0; shift -= 8) byte(size >> shift);
  }
  out.append(text);
}

}  // namespace

// The service writes maps of indefinite length.
std::string cbor_error(const Error& error) {
  std::string out = "\xBF";
  append_text(out, "__type");
  append_text(out, error.code);
  if (error.message) {
    append_text(out, error.capital_message ? "Message" : "message");
    append_text(out, *error.message);
  }
  out += '\xFF';
  return out;
}

}  // namespace hydrant::aws
