// Rules: the constraints that a service model puts on a member.
#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace hydrant::aws {

// The text is what messages show; the predicate is what checks. No std::regex: it recurses.
struct Pattern {
  std::string_view text;
  bool (*matches)(std::string_view);
};

struct Rules {
  static constexpr std::int64_t kNoMin = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t kNoMax = std::numeric_limits<std::int64_t>::max();

  const Pattern* pattern = nullptr;
  std::int64_t length_min = kNoMin, length_max = kNoMax;  // characters, bytes or entries
  std::int64_t value_min = kNoMin, value_max = kNoMax;
  std::span<const std::string_view> values;  // of an enum, in the order in which messages list them
  const Rules* element = nullptr;            // of a list
  const Rules* key = nullptr;                // of a map
  const Rules* value = nullptr;
  bool length_first = false;  // a text that breaks several rules has its length named before them

  constexpr Rules with_length(std::int64_t min, std::int64_t max) const {
    Rules rules = *this;
    rules.length_min = min;
    rules.length_max = max;
    return rules;
  }
};

constexpr Rules length(std::int64_t min, std::int64_t max) { return Rules{}.with_length(min, max); }
constexpr Rules range(std::int64_t min, std::int64_t max = Rules::kNoMax) {
  Rules rules;
  rules.value_min = min;
  rules.value_max = max;
  return rules;
}
constexpr Rules matching(const Pattern& pattern) {
  Rules rules;
  rules.pattern = &pattern;
  return rules;
}
constexpr Rules naming_length_first(Rules rules) {
  rules.length_first = true;
  return rules;
}
constexpr Rules one_of(std::span<const std::string_view> values) {
  Rules rules;
  rules.values = values;
  return rules;
}
constexpr Rules map_of(const Rules& key, const Rules& value, std::int64_t min, std::int64_t max) {
  Rules rules = length(min, max);
  rules.key = &key;
  rules.value = &value;
  return rules;
}
constexpr Rules list_of(const Rules& element, std::int64_t min, std::int64_t max) {
  Rules rules = length(min, max);
  rules.element = &element;
  return rules;
}

}  // namespace hydrant::aws
