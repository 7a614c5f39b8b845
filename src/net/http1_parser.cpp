#include "net/http1_parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include "core/json_text.h"

namespace hydrant::net {
namespace {

using Outcome = Http1Parser::Outcome;

constexpr std::string_view kLineEnd = "\r\n";

// tchar of RFC 9110, 5.6.2.
constexpr auto kTokenCharacters = [] {
  std::array<bool, 256> is{};
  for (int c = '0'; c <= '9'; ++c) is[static_cast<std::size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) is[static_cast<std::size_t>(c)] = true;
  for (int c = 'a'; c <= 'z'; ++c) is[static_cast<std::size_t>(c)] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) is[static_cast<std::size_t>(c)] = true;
  return is;
}();

bool is_token_character(char c) { return kTokenCharacters[static_cast<unsigned char>(c)]; }

bool is_token(std::string_view text) {
  bool good = !text.empty();
  for (const char c : text) good &= is_token_character(c);
  return good;
}

bool is_control_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < ' ' && byte != '\t') || byte == 0x7f;
}

constexpr std::uint64_t kLowBits = 0x7f * kEachByte;

// The high bit of each of eight bytes that is a space or a visible character of ASCII. Others may
// have none although they are no control characters, so a missing one is only a suspicion.
std::uint64_t harmless_bits(const char* eight) {
  std::uint64_t bytes;
  std::memcpy(&bytes, eight, sizeof bytes);
  // A DEL becomes 0 and all else one more, so what is then more than a space is harmless.
  const std::uint64_t next = ((bytes & kLowBits) + kEachByte) & kLowBits;
  return (next + (0x7f - ' ') * kEachByte) & kHighBits;
}

// A value is most of a header's bytes, so it is looked at by eights, the last of which may overlap.
bool has_control_character(std::string_view text) {
  constexpr std::size_t kStep = 8;
  if (text.size() >= kStep) {
    const char* const last = text.data() + text.size() - kStep;
    std::uint64_t harmless = harmless_bits(last);
    for (const char* at = text.data(); at < last; at += kStep) harmless &= harmless_bits(at);
    if (harmless == kHighBits) return false;
  }
  return std::ranges::any_of(text, is_control_character);
}

// No space either, which ends it; bytes beyond ASCII are the handler's to judge.
bool is_target(std::string_view text) {
  bool good = !text.empty();
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    good &= byte > ' ' && byte != 0x7f;
  }
  return good;
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Takes a line off, which is then without its end; need_more if its end is not here yet. A line
// that ends without a carriage return is refused, as is one within (by what reads the line):
// servers differ on both.
Outcome take_line(std::string_view& rest, std::string_view& line) {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos) return Outcome::need_more;
  if (end == 0 || rest[end - 1] != '\r') return Outcome::bad;
  line = rest.substr(0, end - 1);
  rest.remove_prefix(end + 1);
  return Outcome::done;
}

// What is no request, such as a handshake of another protocol, may never send the end of a line.
bool may_become_request_line(std::string_view start) {
  const auto* const end = std::ranges::find_if_not(start, is_token_character);
  return end == start.end() || (end != start.begin() && *end == ' ') || start == "\r";
}

std::optional<Header> split_field(std::string_view line) {
  std::size_t colon = 0;
  while (colon < line.size() && is_token_character(line[colon])) ++colon;
  // A line that begins with a blank would continue the one before; RFC 9112, 5.2 allows to refuse.
  if (colon == 0 || colon == line.size() || line[colon] != ':') return std::nullopt;
  const Header field{line.substr(0, colon), trimmed(line.substr(colon + 1))};
  if (has_control_character(field.value)) return std::nullopt;
  return field;
}

}  // namespace

Http1Parser::Http1Parser(Request& request, std::size_t header_bytes_max)
    : request_(request), header_bytes_max_(header_bytes_max) {
  restart();
}

void Http1Parser::restart() {
  request_.headers.clear();
  request_.method = request_.target = request_.body = {};
  part_ = Part::request_line;
  header_bytes_ = trailer_bytes_ = 0;
  length_ = {};
  chunk_left_ = 0;
  chunked_ = asks_to_close_ = asks_to_stay_ = expects_continue_ = is_http_1_0_ = has_host_ = false;
}

Outcome Http1Parser::parse_header(std::string_view bytes, std::size_t& consumed) {
  auto rest = bytes;
  const auto outcome = parse_head_lines(rest);
  consumed = bytes.size() - rest.size();
  header_bytes_ += consumed;
  if (header_bytes_ > header_bytes_max_) return Outcome::too_large;
  if (outcome == Outcome::need_more && header_bytes_ + rest.size() >= header_bytes_max_)
    return Outcome::too_large;
  return outcome;
}

Outcome Http1Parser::parse_head_lines(std::string_view& rest) {
  if (part_ == Part::request_line)
    while (rest.starts_with(kLineEnd)) rest.remove_prefix(kLineEnd.size());  // RFC 9112, 2.2
  for (;;) {
    std::string_view line;
    const auto outcome = take_line(rest, line);
    if (outcome == Outcome::need_more && part_ == Part::request_line)
      return may_become_request_line(rest) ? outcome : Outcome::bad;
    if (outcome != Outcome::done) return outcome;
    if (part_ == Part::request_line) {
      if (!parse_request_line(line)) return Outcome::bad;
      part_ = Part::fields;
    } else if (line.empty()) {
      part_ = Part::chunk_size;
      return Outcome::done;
    } else if (!parse_field(line)) {
      return Outcome::bad;
    }
  }
}

bool Http1Parser::parse_request_line(std::string_view line) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == last) return false;
  request_.method = line.substr(0, first);
  request_.target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);
  is_http_1_0_ = version == "HTTP/1.0";
  return is_token(request_.method) && is_target(request_.target) &&
         (is_http_1_0_ || version == "HTTP/1.1");
}

bool Http1Parser::parse_field(std::string_view line) {
  const auto field = split_field(line);
  if (!field || !apply(*field)) return false;
  request_.headers.push_back(*field);
  return true;
}

// The fields that say how the request is read. By their lengths, so that the others cost nothing.
bool Http1Parser::apply(const Header& field) {
  const auto is = [&](std::string_view name) { return equals_ignoring_case(field.name, name); };
  switch (field.name.size()) {
    case 4:
      return !is("host") || apply_host(field.value);
    case 6:
      if (is("expect")) expects_continue_ = equals_ignoring_case(field.value, "100-continue");
      return true;
    case 10:
      if (is("connection")) apply_connection(field.value);
      return true;
    case 14:
      return !is("content-length") || apply_length(field.value);
    case 17:
      return !is("transfer-encoding") || apply_coding(field.value);
    default:
      return true;
  }
}

// Of two hosts a proxy may go by the one and a server by the other. That there is none confuses
// nobody here, and requests written by hand are often without.
bool Http1Parser::apply_host(std::string_view value) {
  return !std::exchange(has_host_, true) && std::ranges::none_of(value, is_blank);
}

bool Http1Parser::apply_length(std::string_view value) {
  std::uint64_t length = 0;
  const auto* const end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, length);
  if (read.ec != std::errc() || read.ptr != end) return false;
  if (chunked_ || (length_.given && length_.value != length)) return false;
  length_ = {true, length};
  return true;
}

// Any other coding, a second one, or one that HTTP/1.0 does not have is read differently by
// different servers: the way requests are smuggled past a proxy.
bool Http1Parser::apply_coding(std::string_view value) {
  if (chunked_ || length_.given || is_http_1_0_) return false;
  chunked_ = equals_ignoring_case(value, "chunked");
  return chunked_;
}

void Http1Parser::apply_connection(std::string_view value) {
  for (;;) {
    const auto comma = std::min(value.find(','), value.size());
    const auto word = trimmed(value.substr(0, comma));
    if (equals_ignoring_case(word, "close")) asks_to_close_ = true;
    if (equals_ignoring_case(word, "keep-alive")) asks_to_stay_ = true;
    if (comma == value.size()) return;
    value.remove_prefix(comma + 1);
  }
}

Outcome Http1Parser::parse_chunks(std::string_view bytes, std::size_t& consumed, ByteBuffer& body,
                                  std::size_t body_bytes_max) {
  auto rest = bytes;
  auto outcome = Outcome::done;
  while (outcome == Outcome::done && part_ != Part::trailers) {
    if (part_ == Part::chunk_size) {
      std::string_view line;
      outcome = take_line(rest, line);
      if (outcome == Outcome::done) outcome = parse_chunk_size(line, body_bytes_max - body.size());
    } else if (part_ == Part::chunk_data) {
      const auto payload = rest.substr(0, chunk_left_);
      body.append(payload);
      rest.remove_prefix(payload.size());
      chunk_left_ -= payload.size();
      part_ = chunk_left_ == 0 ? Part::chunk_end : Part::chunk_data;
      if (chunk_left_ > 0) outcome = Outcome::need_more;
    } else {
      outcome = parse_chunk_end(rest);
    }
  }
  if (outcome == Outcome::done) outcome = parse_trailers(rest);
  consumed = bytes.size() - rest.size();
  return outcome;
}

// Extensions mean nothing to anybody here.
Outcome Http1Parser::parse_chunk_size(std::string_view line, std::size_t bytes_max) {
  const auto* const end = line.data() + line.size();
  const auto read = std::from_chars(line.data(), end, chunk_left_, 16);
  if (read.ec != std::errc()) return Outcome::bad;
  const auto extension = trimmed({read.ptr, end});
  if (!extension.empty() && (extension.front() != ';' || has_control_character(extension)))
    return Outcome::bad;
  if (chunk_left_ > bytes_max) return Outcome::too_large;
  part_ = chunk_left_ == 0 ? Part::trailers : Part::chunk_data;
  return Outcome::done;
}

Outcome Http1Parser::parse_chunk_end(std::string_view& rest) {
  if (!kLineEnd.starts_with(rest.substr(0, kLineEnd.size()))) return Outcome::bad;
  if (rest.size() < kLineEnd.size()) return Outcome::need_more;
  rest.remove_prefix(kLineEnd.size());
  part_ = Part::chunk_size;
  return Outcome::done;
}

Outcome Http1Parser::parse_trailers(std::string_view& rest) {
  for (;;) {
    std::string_view line;
    const auto outcome = take_line(rest, line);
    if (outcome != Outcome::done || line.empty()) return outcome;
    trailer_bytes_ += line.size();
    if (trailer_bytes_ > header_bytes_max_ || !split_field(line)) return Outcome::bad;
  }
}

}  // namespace hydrant::net
