#include "aws/validation.h"

#include <algorithm>

#include "core/utf8.h"

namespace hydrant::aws {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
  return out;
}

std::string_view java_name(Target target) {
  switch (target) {
    case Target::text:
      return "an String";
    case Target::integer:
      return "an Integer";
    case Target::long_integer:
      return "an Long";
    case Target::floating:
      return "an Double";
    case Target::boolean:
      return "an Boolean";
    case Target::blob:
      return "a Blob";
    case Target::timestamp:
      return "milliseconds since epoch";
    case Target::list:
    case Target::map:
    case Target::structure:
      break;
  }
  return "";
}

std::string_view java_class(Kind kind) {
  switch (kind) {
    case Kind::boolean:
      return "class java.lang.Boolean";
    case Kind::number:
      return "class com.amazon.coral.value.json.numbers.TruncatingBigNumber";
    case Kind::bytes:
      return "class java.nio.HeapByteBuffer";
    default:
      return "class java.lang.String";
  }
}

std::string at_least(std::int64_t n, bool is_length) {
  return std::string("Member must have ") + (is_length ? "length" : "value") +
         " greater than or equal to " + std::to_string(n);
}

std::string at_most(std::int64_t n, bool is_length) {
  return std::string("Member must have ") + (is_length ? "length" : "value") +
         " less than or equal to " + std::to_string(n);
}

bool length_fits(const Rules& rules, std::int64_t length) {
  return length >= rules.length_min && length <= rules.length_max;
}

// As the service describes the rules of list elements and of map keys and values: longest first.
std::string bracketed(const Rules& rules) {
  std::string text = "[";
  text += at_most(rules.length_max, true) + ", " + at_least(rules.length_min, true);
  if (rules.pattern != nullptr)
    text += ", Member must satisfy regular expression pattern: " + std::string(rules.pattern->text);
  return text + "]";
}

std::string enum_set(std::span<const std::string_view> values) {
  std::string text = "[";
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text += ", ";
    text += values[i].data() != nullptr ? values[i] : "null";
  }
  return text + "]";
}

bool text_fits(const Rules& rules, std::string_view text) {
  if (text.data() == nullptr) return false;  // null
  const auto length = static_cast<std::int64_t>(utf16_length(text));
  if (!length_fits(rules, length)) return false;
  if (rules.pattern != nullptr && !rules.pattern->matches(text)) return false;
  return rules.values.empty() || std::ranges::find(rules.values, text) != rules.values.end();
}

}  // namespace

Error wrong_type(Target target, Kind given) {
  const bool wants_list = target == Target::list;
  const bool wants_map = target == Target::map || target == Target::structure;
  if (given == Kind::list && !wants_list)
    return Error::serialization("Start of list found where not expected");
  if (given == Kind::map && !wants_map)
    return Error::serialization("Start of structure or map found where not expected.");
  if (target == Target::list) return Error::serialization("Expected list or null");
  if (target == Target::map) return Error::serialization("Expected map or null");
  if (target == Target::structure) return Error::serialization("Expected null");
  return Error::serialization(std::string(java_class(given)) + " can not be converted to " +
                              std::string(java_name(target)));
}

Error bad_boolean(std::string_view text) {
  return Error::serialization("'" + upper(text) + "' can not be converted to an Boolean");
}

Error bad_blob(const BlobRead& read) {
  std::string message = "'" + std::string(read.text) + "' can not be converted to a Blob: ";
  switch (read.error) {
    case Base64Error::length:
      message += "Base64 encoded length is expected a multiple of 4 bytes but found: " +
                 std::to_string(read.text.size());
      break;
    case Base64Error::trailing_bits:
      message += "Invalid last non-pad Base64 character dectected";
      break;
    default:
      message += "Invalid Base64 character: '" + std::string(1, read.bad) + "'";
  }
  return Error::serialization(std::move(message));
}

std::string lower_first(std::string_view name) {
  std::string text(name);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z')
    text[0] = static_cast<char>(text[0] + ('a' - 'A'));
  return text;
}

std::string Path::str() const {
  std::string text;
  for (std::size_t depth = 0; depth < depth_; ++depth) {
    const Part& part = depth < kNear ? near_[depth] : far_[depth - kNear];
    if (!text.empty()) text += '.';
    text += part.element > 0 ? std::to_string(part.element) + ".member" : lower_first(part.member);
  }
  return text;
}

std::string print_blob(std::size_t size) {
  const auto n = std::to_string(size);
  return "java.nio.HeapByteBuffer[pos=0 lim=" + n + " cap=" + n + "]";
}

void Violations::add(const Path& path, const Print& print, std::string_view constraint) {
  if (full()) return;
  std::string item = "Value ";
  if (show_values_) item += print ? "'" + print() + "' " : std::string("null ");
  item += "at '" + path.str() + "' failed to satisfy constraint: ";
  item += constraint;
  items_.push_back(std::move(item));
}

Error Violations::error() const {
  std::string text =
      std::to_string(items_.size()) +
      (items_.size() == 1 ? " validation error detected: " : " validation errors detected: ");
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (i > 0) text += "; ";
    text += items_[i];
  }
  return Error::validation(std::move(text));
}

void Violations::append(const Violations& others) {
  for (const auto& item : others.items_)
    if (!full()) items_.push_back(item);
}

void Violations::missing(const Path& path) { add(path, nullptr, "Member must not be null"); }

void Violations::check_text(const Path& path, const Rules& rules, std::string_view text) {
  const Print print = [text] { return std::string(text); };
  const auto check_characters = [&] {
    // Only a text whose bytes are too many can have too many characters.
    const auto bytes = static_cast<std::int64_t>(text.size());
    if (bytes < rules.length_min || bytes > rules.length_max || rules.length_min > 1)
      check_length(path, rules, static_cast<std::int64_t>(utf16_length(text)), print);
  };
  if (rules.length_first) check_characters();
  if (rules.pattern != nullptr && !rules.pattern->matches(text))
    add(path, print,
        "Member must satisfy regular expression pattern: " + std::string(rules.pattern->text));
  if (!rules.values.empty() && std::ranges::find(rules.values, text) == rules.values.end())
    add(path, print, "Member must satisfy enum value set: " + enum_set(rules.values));
  if (!rules.length_first) check_characters();
}

void Violations::check_integer(const Path& path, const Rules& rules, std::int64_t value) {
  const Print print = [value] { return std::to_string(value); };
  if (value < rules.value_min) add(path, print, at_least(rules.value_min, false));
  if (value > rules.value_max) add(path, print, at_most(rules.value_max, false));
}

// Bounds of doubles are whole numbers in every model; NaN breaks both, the upper one named first.
void Violations::check_double(const Path& path, double min, double max, double value) {
  const Print print = [value] { return std::to_string(value); };
  if (!(value <= max)) add(path, print, at_most(static_cast<std::int64_t>(max), false));
  if (!(value >= min)) add(path, print, at_least(static_cast<std::int64_t>(min), false));
}

void Violations::check_length(const Path& path, const Rules& rules, std::int64_t length,
                              const Print& print) {
  if (length < rules.length_min) add(path, print, at_least(rules.length_min, true));
  if (length > rules.length_max) add(path, print, at_most(rules.length_max, true));
}

void Violations::check_texts(const Path& path, const Rules& rules,
                             const std::vector<std::string_view>& texts) {
  const Print print = [&texts] { return enum_set(texts); };
  check_length(path, rules, static_cast<std::int64_t>(texts.size()), print);
  if (rules.element == nullptr) return;
  const auto fits = [&](std::string_view text) { return text_fits(*rules.element, text); };
  if (std::ranges::all_of(texts, fits)) return;
  const auto& element = *rules.element;
  add(path, print,
      element.values.empty()
          ? "Member must satisfy constraint: " + bracketed(element)
          : "Member must satisfy constraint: [Member must satisfy enum value set: " +
                enum_set(element.values) + "]");
}

void Violations::check_map(
    const Path& path, const Rules& rules,
    const std::vector<std::pair<std::string_view, std::string_view>>& entries) {
  const Print print = [&entries] {
    std::string text = "{";
    for (const auto& [key, value] : entries) {
      if (text.size() > 1) text += ", ";
      text += std::string(key) + "=" + std::string(value);
    }
    return text + "}";
  };
  check_length(path, rules, static_cast<std::int64_t>(entries.size()), print);
  const auto key_fits = [&](const auto& entry) { return text_fits(*rules.key, entry.first); };
  const auto value_fits = [&](const auto& entry) { return text_fits(*rules.value, entry.second); };
  if (rules.key != nullptr && !std::ranges::all_of(entries, key_fits))
    add(path, print, "Map keys must satisfy constraint: " + bracketed(*rules.key));
  if (rules.value != nullptr && !std::ranges::all_of(entries, value_fits))
    add(path, print, "Map value must satisfy constraint: " + bracketed(*rules.value));
}

}  // namespace hydrant::aws
