#include "engine/delivery/transform/mended_json.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace hydrant::delivery::transform {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_of_number(char c) {
  return is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

// Everything at `place` that a number may hold, whether it is one or not: "01" must not be taken
// for two.
std::string_view number_like(std::string_view json, std::size_t place) {
  const std::string_view rest = json.substr(place);
  const auto end = std::ranges::find_if_not(rest, is_of_number);
  return rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
}

// Takes digits from the front; false: there is none.
bool take_digits(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(count);
  return count > 0;
}

bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool begins_with_zero = text.starts_with('0');
  const std::size_t size = text.size();
  if (!take_digits(text) || (begins_with_zero && size - text.size() > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!take_digits(text)) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    if (!take_digits(text)) return false;
  }
  return text.empty();
}

bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

class Mender {
 public:
  explicit Mender(std::string_view json) : json_(json) { mended_.reserve(json.size()); }

  std::string mend() {
    while (at_ < json_.size()) {
      if (json_[at_] == '"') {
        string();
      } else if (json_[at_] == '-' || is_digit(json_[at_])) {
        number();
      } else {
        take(1);
      }
    }
    return std::move(mended_);
  }

 private:
  void take(std::size_t count) {
    const std::string_view taken = json_.substr(at_, count);
    mended_.append(taken);
    at_ += taken.size();
  }

  void number() {
    const std::string_view text = number_like(json_, at_);
    if (!is_number(text)) return take(text.size());
    mended_.append(std::to_string(at_));
    at_ += text.size();
  }

  void string() {
    take(1);
    while (at_ < json_.size() && json_[at_] != '"') {
      if (json_[at_] == '\\') {
        escape();
      } else {
        take(std::min(json_.find_first_of("\\\"", at_), json_.size()) - at_);
      }
    }
    take(1);
  }

  void escape() {
    constexpr std::size_t kUnitSize = 6;  // \uXXXX
    const auto unit = unit_at(at_);
    if (!unit) return take(2);
    if (is_high_surrogate(*unit) && is_low_surrogate(unit_at(at_ + kUnitSize).value_or(0)))
      return take(2 * kUnitSize);
    if (!is_high_surrogate(*unit) && !is_low_surrogate(*unit)) return take(kUnitSize);
    mended_.append("\\ufffd");
    at_ += kUnitSize;
  }

  // The code of the escape \uXXXX; none if there is no such.
  std::optional<std::uint32_t> unit_at(std::size_t place) const {
    const std::string_view text = json_.substr(std::min(place, json_.size()), 6);
    if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
    std::uint32_t unit = 0;
    const char* end = text.data() + text.size();
    if (std::from_chars(text.data() + 2, end, unit, 16).ptr != end) return std::nullopt;
    return unit;
  }

  const std::string_view json_;
  std::size_t at_ = 0;
  std::string mended_;
};

}  // namespace

std::string mended_json(std::string_view json) { return Mender(json).mend(); }

std::string number_at(std::string_view json, std::size_t place) {
  const std::string_view text = number_like(json, place);
  simdjson::dom::parser parser;
  simdjson::dom::element number;
  const bool readable =
      parser.parse(text.data(), text.size(), true).get(number) == simdjson::SUCCESS;
  return readable ? simdjson::minify(number) : std::string(text);
}

}  // namespace hydrant::delivery::transform
