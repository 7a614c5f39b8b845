#include "aws/codec/json_reader.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include "core/json_text.h"

namespace hydrant::aws {
namespace {

// Deeper documents are refused: no request of the services comes near, and recursion has an end.
constexpr std::size_t kDepthMax = 128;
constexpr std::size_t kDecodeSlack = 64;  // the base64 decoder stores whole vectors
constexpr std::size_t kKeptBytesMax = 4 * 1024 * 1024;
constexpr std::size_t kPieceBytesMin = 64 * 1024;

constexpr std::size_t kStep = 8;
static_assert(std::endian::native == std::endian::little, "the first byte has the lowest bits");

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_control_character(char c) { return static_cast<unsigned char>(c) < 0x20; }

// The first byte from `at` on that is not plain text: a quote, a backslash, a control character, or
// one of the `others`, given as high bits. Looks at up to 8 bytes from `end` on.
const char* find_special(const char* at, const char* end, std::uint64_t others) {
  for (; at < end; at += kStep) {
    std::uint64_t bytes;
    std::memcpy(&bytes, at, sizeof bytes);
    const std::uint64_t special = special_in_json(bytes) | (bytes & others);
    if (special != 0) return at + std::countr_zero(special) / 8;
  }
  return end;
}

// Of four hex digits; kNoCode if they are none.
constexpr std::uint32_t kNoCode = 0xFFFFFFFF;
std::uint32_t hex_of(const char* digits) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits, digits + 4, value, 16);
  return error == std::errc{} && end == digits + 4 ? value : kNoCode;
}

char* append_utf8(char* to, std::uint32_t code) {
  const auto trail = [&](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    *to++ = static_cast<char>(code);
  } else if (code < 0x800) {
    *to++ = static_cast<char>(0xC0 | (code >> 6));
    *to++ = trail(0);
  } else if (code < 0x10000) {
    *to++ = static_cast<char>(0xE0 | (code >> 12));
    *to++ = trail(6);
    *to++ = trail(0);
  } else {
    *to++ = static_cast<char>(0xF0 | (code >> 18));
    *to++ = trail(12);
    *to++ = trail(6);
    *to++ = trail(0);
  }
  return to;
}

bool is_first_half(std::uint32_t code) { return code >= 0xD800 && code < 0xDC00; }
bool is_second_half(std::uint32_t code) { return code >= 0xDC00 && code < 0xE000; }

// Takes the digits behind "\u", and the second half of a pair. kNoCode if they are none.
std::uint32_t take_code(std::string_view& rest) {
  constexpr std::size_t kDigits = 4, kSecond = 2 + kDigits;
  if (rest.size() < kDigits) return kNoCode;
  const auto code = hex_of(rest.data());
  rest.remove_prefix(kDigits);
  if (!is_first_half(code)) return is_second_half(code) ? kNoCode : code;
  if (rest.size() < kSecond || !rest.starts_with("\\u")) return kNoCode;
  const auto second = hex_of(rest.data() + 2);
  rest.remove_prefix(kSecond);
  if (!is_second_half(second)) return kNoCode;
  return 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00);
}

// What a letter behind a backslash stands for.
std::uint32_t meaning_of(char letter) {
  constexpr std::string_view kLetters = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
  const auto at = kLetters.find(letter);
  return at == std::string_view::npos ? kNoCode : static_cast<unsigned char>(kMeanings[at]);
}

// Beyond what a double holds is the largest there is, or zero.
double double_of(std::string_view number) {
  double value = 0;
  const auto outcome = std::from_chars(number.data(), number.data() + number.size(), value);
  if (outcome.ec != std::errc::result_out_of_range) return value;
  const bool is_negative = number.front() == '-';
  const auto exponent = number.find_first_of("eE");
  const bool is_tiny = exponent == std::string_view::npos ? number[is_negative ? 1 : 0] == '0'
                                                          : number[exponent + 1] == '-';
  if (is_tiny) return 0;
  constexpr double kMax = std::numeric_limits<double>::max();
  return is_negative ? -kMax : kMax;
}

}  // namespace

// What is decoded or unescaped is no longer than where it stood, so this is nearly always enough.
void JsonScratch::prepare(std::size_t document_bytes) {
  extra_.clear();
  const std::size_t wanted = document_bytes + 2 * kDecodeSlack;
  const bool too_large = capacity_ > kKeptBytesMax && wanted <= kKeptBytesMax;
  if (wanted > capacity_ || too_large) {
    capacity_ = std::max(wanted, kPieceBytesMin);
    kept_.reset(new char[capacity_]);
  }
  free_ = kept_.get();
  left_ = capacity_;
}

// Not for blobs with escapes, which are kept in both forms. Who asks for a piece asks for what may
// be left of the document: twice as much, so that not each of many has to ask.
char* JsonScratch::room(std::size_t bytes) {
  if (left_ < bytes + kDecodeSlack) {
    left_ = std::max(2 * bytes + kDecodeSlack, kPieceBytesMin);
    free_ = extra_.emplace_back(new char[left_]).get();
  }
  return free_;
}

void JsonScratch::keep(std::size_t bytes) {
  free_ += bytes;
  left_ -= bytes;
}

JsonReader::JsonReader(std::string_view body, JsonScratch& scratch)
    : scratch_(scratch), at_(body.data()), end_(body.data() + body.size()) {
  scratch_.prepare(body.size());
  skip_space();
}

bool JsonReader::fail() {
  failed_ = true;
  return false;
}

void JsonReader::skip_space() {
  while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
}

bool JsonReader::take(char wanted) {
  if (here() != wanted) return fail();
  ++at_;
  return true;
}

bool JsonReader::starts_with(std::string_view word) const {
  return std::string_view(at_, end_).starts_with(word);
}

Kind JsonReader::kind() {
  if (failed_) return Kind::malformed;
  const char first = here();
  if (first == '"') return Kind::text;
  if (first == '{') return Kind::map;
  if (first == '[') return Kind::list;
  if (is_digit(first) || first == '-') return Kind::number;
  if (starts_with("true") || starts_with("false")) return Kind::boolean;
  if (starts_with("null")) return Kind::null;
  fail();
  return Kind::malformed;
}

void JsonReader::enter() {
  const Kind entered = kind();
  if (depth_ == kDepthMax || (entered != Kind::map && entered != Kind::list)) fail();
  if (failed_) return;
  ++at_;
  ++depth_;
  on_value_ = false;
  entered_ = true;
}

// To the next thing in the map or list that is being read. False at its end, which is left.
bool JsonReader::go_on(char closing) {
  if (on_value_) skip();
  if (failed_) return false;
  skip_space();
  const bool is_first = std::exchange(entered_, false);
  if (here() == closing) {
    ++at_;
    --depth_;
    return false;
  }
  if (is_first) return true;
  if (!take(',')) return false;
  skip_space();
  return true;
}

bool JsonReader::next_member(std::string_view& name) {
  if (!go_on('}')) return false;
  name = string();
  skip_space();
  if (failed_ || !take(':')) return false;
  skip_space();
  on_value_ = true;
  return true;
}

bool JsonReader::next_element() {
  on_value_ = go_on(']');
  return on_value_;
}

bool JsonReader::boolean() {
  if (kind() != Kind::boolean) return fail();
  const bool value = *at_ == 't';
  at_ += value ? 4 : 5;
  on_value_ = false;
  return value;
}

bool JsonReader::take_digits() {
  const char* const first = at_;
  while (is_digit(here())) ++at_;
  return at_ > first;
}

// As the grammar of JSON has it. Whole: without a fraction and an exponent.
std::string_view JsonReader::number_text(bool& whole) {
  const char* const start = at_;
  if (failed_) return {};
  if (here() == '-') ++at_;
  const char* const first = at_;
  bool good = take_digits() && (*first != '0' || at_ == first + 1);
  whole = true;
  if (good && here() == '.') {
    ++at_;
    whole = false;
    good = take_digits();
  }
  if (good && (here() == 'e' || here() == 'E')) {
    ++at_;
    whole = false;
    if (here() == '+' || here() == '-') ++at_;
    good = take_digits();
  }
  if (!good) fail();
  on_value_ = false;
  return {start, at_};
}

double JsonReader::number() {
  bool whole = false;
  const auto text = number_text(whole);
  return failed_ ? 0 : double_of(text);
}

std::int64_t JsonReader::integer() {
  constexpr double kLimit = 9.2e18;
  bool whole = false;
  const auto text = number_text(whole);
  if (failed_) return 0;
  std::int64_t exact = 0;
  if (whole && std::from_chars(text.data(), text.data() + text.size(), exact).ec == std::errc{})
    return exact;
  return static_cast<std::int64_t>(std::trunc(std::clamp(double_of(text), -kLimit, kLimit)));
}

// The string whose first quote is here; the reader is then behind its last one. What holds no
// escape is not copied.
std::string_view JsonReader::string() {
  if (failed_ || !take('"')) return {};
  const char* const start = at_;
  std::uint64_t beyond_ascii = kHighBits;  // until the first one is found
  bool escaped = false;
  for (;; ++at_) {
    at_ = find_special(at_, end_, beyond_ascii);
    if (at_ >= end_ || is_control_character(*at_)) fail();
    if (failed_) return {};
    if (*at_ == '"') break;
    if (*at_ == '\\') {
      escaped = true;
      ++at_;
    } else {
      beyond_ascii = 0;
    }
  }
  const std::string_view text(start, at_);
  ++at_;
  if (beyond_ascii == 0 && !simdjson::validate_utf8(text.data(), text.size())) fail();
  if (failed_) return {};
  return escaped ? unescape(text) : text;
}

// No escape is shorter than what it stands for.
std::string_view JsonReader::unescape(std::string_view escaped) {
  char* const start = scratch_.room(escaped.size());
  char* to = start;
  for (auto rest = escaped; !rest.empty();) {
    const auto before = std::min(rest.find('\\'), rest.size());
    to = std::copy_n(rest.data(), before, to);
    rest.remove_prefix(before);
    if (rest.empty()) break;
    const char letter = rest[1];  // no string ends with a backslash: it would hold the quote
    rest.remove_prefix(2);
    const auto code = letter == 'u' ? take_code(rest) : meaning_of(letter);
    if (code == kNoCode) fail();
    if (failed_) return {};
    to = append_utf8(to, code);
  }
  const std::string_view plain(start, to);
  scratch_.keep(plain.size());
  return plain;
}

std::string_view JsonReader::text() {
  const auto text = string();
  on_value_ = false;
  return text;
}

// Base64 holds no escape (but for "\/", which some clients write) and ends at the first quote, so
// it is decoded where it lies in the body, and its end is found on the way. What cannot be decoded
// like that is read as a text first, which also tells what the message shows.
BlobRead JsonReader::blob() {
  BlobRead read;
  if (kind() != Kind::text) {
    fail();
    return read;
  }
  const std::string_view rest(at_ + 1, end_);
  char* room = scratch_.room(base64_decoded_max(rest.size()));
  const std::size_t ahead = base64_decode_ahead(rest, room);
  read.text = rest.substr(0, rest.find('"', ahead));
  auto decoded = base64_decode(read.text, room, ahead);
  if (decoded.error == Base64Error::none && read.text.size() < rest.size()) {
    at_ = read.text.data() + read.text.size() + 1;
    on_value_ = false;
  } else {
    read.text = text();
    room = scratch_.room(base64_decoded_max(read.text.size()));
    decoded = base64_decode(read.text, room);
  }
  scratch_.keep(decoded.size);
  read.error = decoded.error;
  read.bad = decoded.bad;
  read.bytes = {room, decoded.size};
  return read;
}

TimePoint JsonReader::timestamp() {
  constexpr double kMicrosMax = 9.0e18;
  const double micros = std::clamp(number() * 1e6, -kMicrosMax, kMicrosMax);
  return TimePoint(Duration(static_cast<std::int64_t>(std::llround(micros))));
}

void JsonReader::skip() {
  std::string_view name;
  bool whole = false;
  switch (kind()) {
    case Kind::map:
      enter();
      while (!failed_ && next_member(name)) skip();
      break;
    case Kind::list:
      enter();
      while (!failed_ && next_element()) skip();
      break;
    case Kind::boolean:
      boolean();
      break;
    case Kind::number:
      number_text(whole);
      break;
    case Kind::text:
      text();
      break;
    case Kind::null:
      at_ += 4;
      on_value_ = false;
      break;
    case Kind::bytes:
    case Kind::malformed:
      break;
  }
}

bool JsonReader::finished() {
  if (failed_ || depth_ > 0 || on_value_) return false;
  skip_space();
  return at_ == end_;
}

}  // namespace hydrant::aws
