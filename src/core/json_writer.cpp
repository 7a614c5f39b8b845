#include "core/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/base64.h"
#include "core/json_text.h"
#include "core/utf8.h"

namespace hydrant {
namespace {

constexpr auto kIsPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

constexpr std::size_t kShortBytesMax = 64;  // a sequence number, and any name of a member

template <std::size_t kBytes>
void copy_ends(std::string_view text, char* to) {
  const std::size_t last = text.size() - kBytes;
  std::memcpy(to, text.data(), kBytes);
  std::memcpy(to + last, text.data() + last, kBytes);
}

// For a few bytes a call of memcpy, which asks for their number, costs more than they do. Returns
// the end of what was written.
char* copy_short(std::string_view text, char* to) {
  if (text.size() >= 16) {
    for (std::size_t at = 16; at + 16 < text.size(); at += 16)
      std::memcpy(to + at, text.data() + at, 16);
    copy_ends<16>(text, to);
  } else if (text.size() >= 8) {
    copy_ends<8>(text, to);
  } else if (text.size() >= 4) {
    copy_ends<4>(text, to);
  } else {
    for (std::size_t at = 0; at < text.size(); ++at) to[at] = text[at];
  }
  return to + text.size();
}

// Whether each of eight bytes is a character of ASCII that needs no escape.
bool eight_are_plain(const char* eight) {
  std::uint64_t bytes;
  std::memcpy(&bytes, eight, sizeof bytes);
  return ((bytes & kHighBits) | special_in_json(bytes)) == 0;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  constexpr std::size_t kStep = 8;
  out.push_back('"');
  std::size_t plain = 0;  // start of the run not yet copied
  for (std::size_t i = 0; i < text.size();) {
    if (text.size() - i >= kStep && eight_are_plain(text.data() + i)) {
      i += kStep;
      continue;
    }
    const auto c = static_cast<unsigned char>(text[i]);
    if (kIsPlain[c]) {
      ++i;
      continue;
    }
    if (c >= 0x80) {
      const std::size_t length = utf8_length_at(text, i);
      if (length > 0) {
        i += length;
        continue;
      }
    }
    out.append(text, plain, i - plain);
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (c >= 0x80) {
          out += "\xEF\xBF\xBD";
        } else {
          out += "\\u00";
          out.push_back(kHex[c >> 4]);
          out.push_back(kHex[c & 15]);
        }
    }
    plain = ++i;
  }
  out.append(text, plain, text.size() - plain);
  out.push_back('"');
}

// A text with its quotes, in one piece where it is short: each piece has its price.
void JsonWriter::append_quoted(std::string_view text, std::string_view after) {
  if (text.size() > kShortBytesMax) {
    out_.append(need_comma_ ? ",\"" : "\"").append(text).append(after);
    return;
  }
  char piece[kShortBytesMax + 8];
  char* at = piece;
  if (need_comma_) *at++ = ',';
  *at++ = '"';
  at = copy_short(text, at);
  for (const char c : after) *at++ = c;
  out_.append(piece, at);
}

JsonWriter& JsonWriter::string(std::string_view text) {
  separate();
  append_json_string(out_, text);
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  separate();
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out_.append(digits, end);
  return *this;
}

JsonWriter& JsonWriter::number(double value) {
  if (!std::isfinite(value)) return null();
  separate();
  char digits[400];
  const auto end =
      std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed).ptr;
  out_.append(digits, end);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  separate();
  out_.append(value ? "true" : "false");
  return *this;
}

JsonWriter& JsonWriter::null() {
  separate();
  out_.append("null");
  return *this;
}

JsonWriter& JsonWriter::base64(std::string_view bytes) {
  separate();
  out_.push_back('"');
  append_base64(out_, bytes);
  out_.push_back('"');
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_.append(json);
  return *this;
}

}  // namespace hydrant
