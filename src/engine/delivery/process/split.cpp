#include "engine/delivery/process/split.h"

#include <simdjson.h>

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/json_text.h"

namespace hydrant::delivery {
namespace {

constexpr std::size_t kDepthMax = 1024;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Checks one value after the other against the grammar of JSON, without looking at what they mean.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  void skip_space() {
    while (at_ != end_ && is_space(*at_)) ++at_;
  }
  bool at_end() const { return at_ == end_; }
  const char* position() const { return at_; }

  // Past the value that begins here; false if none does.
  bool skip_value() {
    depth_ = 0;
    const char* const begin = at_;
    do {
      if (!skip_item()) return false;
    } while (depth_ > 0);
    const bool has_end_of_its_own = *begin == '{' || *begin == '[' || *begin == '"';
    return has_end_of_its_own || at_ == end_ || is_space(*at_);
  }

 private:
  bool take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  // A scalar, or the opening of a structure, and then all closings and the comma that follow. So
  // what comes next, if anything is still open, is a value again.
  bool skip_item() {
    if (at_ == end_) return false;
    switch (*at_) {
      case '{':
        return open(true);
      case '[':
        return open(false);
      case '"':
        return skip_string() && close();
      case 't':
        return skip_word("true") && close();
      case 'f':
        return skip_word("false") && close();
      case 'n':
        return skip_word("null") && close();
      default:
        return skip_number() && close();
    }
  }

  bool open(bool is_object) {
    if (depth_ == kDepthMax) return false;
    ++at_;
    skip_space();
    if (take(is_object ? '}' : ']')) return close();
    objects_[depth_++] = is_object;
    return !is_object || skip_key();
  }

  bool close() {
    while (depth_ > 0) {
      skip_space();
      const bool is_object = objects_[depth_ - 1];
      if (take(',')) {
        skip_space();
        return !is_object || skip_key();
      }
      if (!take(is_object ? '}' : ']')) return false;
      --depth_;
    }
    return true;
  }

  bool skip_key() {
    if (at_ == end_ || *at_ != '"' || !skip_string()) return false;
    skip_space();
    if (!take(':')) return false;
    skip_space();
    return true;
  }

  bool skip_string() {
    ++at_;
    for (;;) {
      skip_plain();
      if (at_ == end_) return false;
      const char c = *at_++;
      if (c == '"') return true;
      if (c == '\\') {
        if (!skip_escape()) return false;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        return false;
      }
    }
  }

  // To a byte that may be special, if not to the end.
  void skip_plain() {
    while (end_ - at_ >= 8) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, at_, sizeof bytes);
      if (special_in_json(bytes) != 0) break;
      at_ += 8;
    }
    while (at_ != end_ && *at_ != '"' && *at_ != '\\' && static_cast<unsigned char>(*at_) >= 0x20)
      ++at_;
  }

  bool skip_escape() {
    if (at_ == end_) return false;
    const char c = *at_++;
    if (c != 'u') return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
    for (int i = 0; i < 4; ++i)
      if (at_ == end_ || !is_hex(*at_++)) return false;
    return true;
  }

  bool skip_word(std::string_view word) {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word))
      return false;
    at_ += word.size();
    return true;
  }

  bool skip_digits() {
    const char* const begin = at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return at_ != begin;
  }

  bool skip_number() {
    take('-');
    if (!take('0') && !skip_digits()) return false;
    if (take('.') && !skip_digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return skip_digits();
    }
    return true;
  }

  const char* at_;
  const char* const end_;
  std::size_t depth_ = 0;
  std::bitset<kDepthMax> objects_;  // of what is open: object or array
};

}  // namespace

bool split_json(std::string_view record, std::vector<std::string_view>& parts) {
  parts.clear();
  if (!simdjson::validate_utf8(record.data(), record.size())) return false;
  Scanner scanner(record);
  for (scanner.skip_space(); !scanner.at_end(); scanner.skip_space()) {
    const char* const begin = scanner.position();
    if (!scanner.skip_value()) {
      parts.clear();
      return false;
    }
    parts.emplace_back(begin, static_cast<std::size_t>(scanner.position() - begin));
  }
  return !parts.empty();
}

void split_delimited(std::string_view record, std::string_view delimiter,
                     std::vector<std::string_view>& parts) {
  parts.clear();
  while (!record.empty()) {
    const auto end = record.find(delimiter);
    const auto piece = record.substr(0, end);
    if (!piece.empty()) parts.push_back(piece);
    if (end == std::string_view::npos) return;
    record.remove_prefix(end + delimiter.size());
  }
}

}  // namespace hydrant::delivery
