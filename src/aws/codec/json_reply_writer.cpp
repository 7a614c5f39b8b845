#include "aws/codec/json_reply_writer.h"

#include <charconv>
#include <cstring>

#include "core/base64.h"
#include "core/json_writer.h"

namespace hydrant::aws {
namespace {

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

}  // namespace

JsonReplyWriter& JsonReplyWriter::open(char bracket) {
  separate();
  out_.push_back(bracket);
  need_comma_ = false;
  return *this;
}

JsonReplyWriter& JsonReplyWriter::close(char bracket) {
  out_.push_back(bracket);
  need_comma_ = true;
  return *this;
}

void JsonReplyWriter::separate() {
  if (need_comma_) out_.push_back(',');
  need_comma_ = true;
}

// A text with its quotes, in one piece where it is short: each piece has its price.
void JsonReplyWriter::append_quoted(std::string_view text, std::string_view after) {
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

Writer& JsonReplyWriter::key(std::string_view name) {
  append_quoted(name, "\":");
  need_comma_ = false;
  return *this;
}

Writer& JsonReplyWriter::text(std::string_view text) {
  separate();
  append_json_string(out_, text);
  return *this;
}

Writer& JsonReplyWriter::plain(std::string_view text) {
  append_quoted(text, "\"");
  need_comma_ = true;
  return *this;
}

Writer& JsonReplyWriter::integer(std::int64_t value) {
  separate();
  char digits[24];
  out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  return *this;
}

Writer& JsonReplyWriter::number(double value) {
  separate();
  char digits[400];
  out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  return *this;
}

Writer& JsonReplyWriter::boolean(bool value) {
  separate();
  out_.append(value ? "true" : "false");
  return *this;
}

Writer& JsonReplyWriter::blob(std::string_view bytes) {
  separate();
  out_.push_back('"');
  append_base64(out_, bytes);
  out_.push_back('"');
  return *this;
}

Writer& JsonReplyWriter::timestamp(TimePoint time) {
  const std::int64_t millis = epoch_millis(time);
  integer(millis / 1000);
  if (const auto fraction = millis % 1000; fraction != 0) {
    char digits[4] = {'.', static_cast<char>('0' + fraction / 100),
                      static_cast<char>('0' + fraction / 10 % 10),
                      static_cast<char>('0' + fraction % 10)};
    std::size_t size = 4;
    while (digits[size - 1] == '0') --size;
    out_.append(digits, size);
  }
  return *this;
}

}  // namespace hydrant::aws
