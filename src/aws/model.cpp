#include "aws/model.h"

namespace hydrant::aws {
namespace {

std::string_view type_of(Target target) {
  switch (target) {
    case Target::text:
      return "string";
    case Target::integer:
      return "integer";
    case Target::long_integer:
      return "long";
    case Target::boolean:
      return "boolean";
    case Target::blob:
      return "blob";
    case Target::timestamp:
      return "timestamp";
    case Target::floating:
      return "double";
    case Target::list:
      return "list";
    case Target::map:
      return "map";
    case Target::structure:
      return "structure";
  }
  return "";
}

void describe_bound(JsonWriter& out, std::string_view name, std::int64_t bound, std::int64_t none) {
  if (bound != none) out.member(name, bound);
}

void describe_part(JsonWriter& out, std::string_view name, const Rules* rules) {
  if (rules == nullptr) return;
  out.key(name).begin_object();
  describe_rules(out, *rules);
  out.end_object();
}

// Without the braces, so that a member may add what only it knows.
void describe_inside(JsonWriter& out, const Shape& shape) {
  out.member("type", type_of(shape.target));
  describe_rules(out, shape.rules);
  if (shape.target == Target::floating)
    out.key("min").number(shape.double_min).key("max").number(shape.double_max);
  if (shape.element != nullptr) {
    out.key("element").begin_object();
    describe_inside(out, *shape.element);
    out.end_object();
  }
  if (shape.target != Target::structure) return;
  out.key("members").begin_object();
  for (const auto& member : shape.members) {
    out.key(member.name).begin_object();
    describe_inside(out, *member.shape);
    out.member("required", member.required);
    out.end_object();
  }
  out.end_object();
}

}  // namespace

void describe_rules(JsonWriter& out, const Rules& rules) {
  describe_bound(out, "min", rules.length_min, Rules::kNoMin);
  describe_bound(out, "max", rules.length_max, Rules::kNoMax);
  describe_bound(out, "min", rules.value_min, Rules::kNoMin);
  describe_bound(out, "max", rules.value_max, Rules::kNoMax);
  if (rules.pattern != nullptr) out.member("pattern", rules.pattern->text);
  if (!rules.values.empty()) {
    out.key("enum").begin_array();
    for (const auto value : rules.values) out.string(value);
    out.end_array();
  }
  describe_part(out, "elementRules", rules.element);
  describe_part(out, "key", rules.key);
  describe_part(out, "value", rules.value);
}

void describe(JsonWriter& out, const Shape& shape) {
  out.begin_object();
  describe_inside(out, shape);
  out.end_object();
}

}  // namespace hydrant::aws
