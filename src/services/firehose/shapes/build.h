// How shapes are put together: leaves by their rules, structures by their members in the order in
// which the service lists violations.
#pragma once
#include <utility>
#include <vector>

#include "aws/document.h"
#include "services/firehose/rules.h"

namespace hydrant::firehose::shapes {

using aws::Shape;
using aws::ShapeMember;
using aws::Target;

inline constexpr bool kRequired = true;

inline Shape make(Target target, const aws::Rules& rules) {
  Shape shape;
  shape.target = target;
  shape.rules = rules;
  return shape;
}

template <const aws::Rules& kRules>
const Shape* text() {
  static const Shape shape = make(Target::text, kRules);
  return &shape;
}

template <const aws::Rules& kRules>
const Shape* integer() {
  static const Shape shape = make(Target::integer, kRules);
  return &shape;
}

inline const Shape* boolean() {
  static const Shape shape = make(Target::boolean, {});
  return &shape;
}

inline Shape structure(std::vector<ShapeMember> members) {
  Shape shape;
  shape.members = std::move(members);
  return shape;
}

inline Shape list(const Shape* element, const aws::Rules& rules = {}) {
  Shape shape = make(Target::list, rules);
  shape.element = element;
  if (element->target == Target::text) shape.rules.element = &element->rules;
  return shape;
}

}  // namespace hydrant::firehose::shapes
