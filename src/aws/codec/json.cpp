#include "aws/codec/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/json_writer.h"

namespace hydrant::aws {
namespace {

// Deeper documents are refused: no request of the services comes near, and recursion has an end.
constexpr std::size_t kDepthMax = 128;
constexpr std::size_t kDecodeSlack = 64;  // the base64 decoder stores whole vectors
constexpr std::size_t kKeptBytesMax = 4 * 1024 * 1024;
constexpr std::size_t kPieceBytes = 80;  // a sequence number with its quotes

static_assert(simdjson::SIMDJSON_PADDING <= 64, "the connection pads bodies by 64 bytes");

}  // namespace

void JsonScratch::prepare(std::size_t document_bytes) {
  extra_.clear();
  frames.clear();
  used_ = 0;
  const std::size_t wanted = base64_decoded_max(document_bytes) + kDecodeSlack;
  const bool too_large = capacity_ > kKeptBytesMax && wanted <= kKeptBytesMax;
  if (wanted > capacity_ || too_large) {
    capacity_ = std::max(wanted, std::size_t{64 * 1024});
    blobs_.reset(new char[capacity_]);
  }
}

char* JsonScratch::blob_room(std::size_t bytes) {
  if (capacity_ - used_ < bytes + kDecodeSlack) {
    extra_.emplace_back(new char[bytes + kDecodeSlack]);
    return extra_.back().get();
  }
  char* room = blobs_.get() + used_;
  used_ += bytes;
  return room;
}

JsonReader::JsonReader(std::string_view body, JsonScratch& scratch)
    : scratch_(scratch), frames_(scratch.frames) {
  scratch_.prepare(body.size());
  const auto error =
      scratch_.parser.iterate(body.data(), body.size(), body.size() + simdjson::SIMDJSON_PADDING)
          .get(document_);
  if (error != simdjson::SUCCESS) fail();
}

bool JsonReader::fail() {
  failed_ = true;
  return false;
}

template <class T>
bool JsonReader::take(simdjson::simdjson_result<T> result, T& to) {
  if (failed_) return false;
  if (std::move(result).get(to) != simdjson::SUCCESS) return fail();
  return true;
}

Kind JsonReader::kind() {
  if (failed_) return Kind::malformed;
  if (!kind_) kind_ = look();
  return failed_ ? Kind::malformed : *kind_;
}

Kind JsonReader::look() {
  simdjson::ondemand::json_type type{};
  const bool known = at_root_ ? take(document_.type(), type) : take(value_.type(), type);
  if (!known) return Kind::malformed;
  switch (type) {
    case simdjson::ondemand::json_type::array:
      return Kind::list;
    case simdjson::ondemand::json_type::object:
      return Kind::map;
    case simdjson::ondemand::json_type::number:
      return Kind::number;
    case simdjson::ondemand::json_type::string:
      return Kind::text;
    case simdjson::ondemand::json_type::boolean:
      return Kind::boolean;
    case simdjson::ondemand::json_type::null: {
      // The type is told from the first letter alone.
      bool null = false;
      const bool read = at_root_ ? take(document_.is_null(), null) : take(value_.is_null(), null);
      if (!read || !null) fail();
      return null ? Kind::null : Kind::malformed;
    }
  }
  return Kind::malformed;
}

void JsonReader::enter() {
  const Kind entered = kind();
  if (frames_.size() >= kDepthMax) fail();
  if (failed_) return;
  Frame frame;
  if (entered == Kind::map) {
    simdjson::ondemand::object object;
    const bool read =
        at_root_ ? take(document_.get_object(), object) : take(value_.get_object(), object);
    if (!read || !take(object.begin(), frame.member) || !take(object.end(), frame.members_end))
      return;
  } else {
    simdjson::ondemand::array array;
    const bool read =
        at_root_ ? take(document_.get_array(), array) : take(value_.get_array(), array);
    if (!read || !take(array.begin(), frame.element) || !take(array.end(), frame.elements_end))
      return;
  }
  at_root_ = false;
  frames_.push_back(frame);
}

bool JsonReader::next_member(std::string_view& name) {
  if (failed_) return false;
  Frame& frame = frames_.back();
  if (!frame.first) ++frame.member;
  frame.first = false;
  if (!(frame.member != frame.members_end)) {
    frames_.pop_back();
    return false;
  }
  simdjson::ondemand::field field;
  if (!take(*frame.member, field)) return false;
  if (!take(field.unescaped_key(), name)) return false;
  value_ = field.value();
  kind_.reset();
  return true;
}

bool JsonReader::next_element() {
  if (failed_) return false;
  Frame& frame = frames_.back();
  if (!frame.first) ++frame.element;
  frame.first = false;
  if (!(frame.element != frame.elements_end)) {
    frames_.pop_back();
    return false;
  }
  kind_.reset();
  return take(*frame.element, value_);
}

bool JsonReader::boolean() {
  bool value = false;
  take(value_.get_bool(), value);
  return value;
}

double JsonReader::number() {
  double value = 0;
  take(value_.get_double(), value);
  return value;
}

std::int64_t JsonReader::integer() {
  if (failed_) return 0;
  std::int64_t exact = 0;
  if (value_.get_int64().get(exact) == simdjson::SUCCESS) return exact;
  const double value = number();
  constexpr double kLimit = 9.2e18;
  return static_cast<std::int64_t>(std::trunc(std::clamp(value, -kLimit, kLimit)));
}

std::string_view JsonReader::text() {
  std::string_view text;
  take(value_.get_string(), text);
  return text;
}

// Base64 seldom holds an escape ("\/" is the one that some clients write), so the token is decoded
// where it lies in the body; only a text with a backslash takes the way through unescaping.
BlobRead JsonReader::blob() {
  BlobRead read;
  if (failed_) return read;
  std::string_view token = value_.raw_json_token();
  token = token.substr(0, token.find_last_of('"'));
  token.remove_prefix(1);
  char* room = scratch_.blob_room(base64_decoded_max(token.size()));
  auto decoded = base64_decode(token, room);
  read.text = token;
  if (decoded.error != Base64Error::none) {
    read.text = text();
    if (failed_) return read;
    if (read.text != token) decoded = base64_decode(read.text, room);
  }
  read.error = decoded.error;
  read.bad = decoded.bad;
  read.bytes = {room, decoded.size};
  return read;
}

TimePoint JsonReader::timestamp() {
  constexpr double kMicrosMax = 9.0e18;
  const double micros = number() * 1e6;
  return TimePoint(Duration(
      static_cast<std::int64_t>(std::llround(std::clamp(micros, -kMicrosMax, kMicrosMax)))));
}

void JsonReader::skip() {
  std::string_view name;
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
      number();
      break;
    case Kind::text:
      text();
      break;
    case Kind::bytes:
    case Kind::null:
    case Kind::malformed:
      break;
  }
}

bool JsonReader::finished() {
  if (failed_ || at_root_ || !frames_.empty()) return false;
  // Behind the last token there is no location any more.
  const char* location = nullptr;
  return document_.current_location().get(location) == simdjson::OUT_OF_BOUNDS;
}

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

// `text` between two marks, in one piece where it is short: each piece has its price.
void JsonReplyWriter::append_between(std::string_view before, std::string_view text,
                                     std::string_view after) {
  char piece[kPieceBytes];
  const std::size_t size = before.size() + text.size() + after.size();
  if (size > sizeof piece) {
    out_.append(before).append(text).append(after);
    return;
  }
  std::memcpy(piece, before.data(), before.size());
  std::memcpy(piece + before.size(), text.data(), text.size());
  std::memcpy(piece + before.size() + text.size(), after.data(), after.size());
  out_.append(piece, size);
}

Writer& JsonReplyWriter::key(std::string_view name) {
  append_between(need_comma_ ? ",\"" : "\"", name, "\":");
  need_comma_ = false;
  return *this;
}

Writer& JsonReplyWriter::text(std::string_view text) {
  separate();
  append_json_string(out_, text);
  return *this;
}

Writer& JsonReplyWriter::plain(std::string_view text) {
  append_between(need_comma_ ? ",\"" : "\"", text, "\"");
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
