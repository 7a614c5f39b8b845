// Declared inputs, written out as a service model has them, so that a test can compare the two.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "aws/document.h"
#include "aws/shape.h"
#include "core/json_writer.h"

namespace hydrant::aws {

// "min", "max", "pattern", "enum" and what elements, keys and values keep to.
void describe_rules(JsonWriter& out, const Rules& rules);

// {"type": "structure", "members": {"Data": {"type": "blob", "required": true, ...}}}
void describe(JsonWriter& out, const Shape& shape);

namespace detail {

template <class T>
constexpr std::string_view type_name() {
  if constexpr (std::is_same_v<T, std::string_view>) return "string";
  if constexpr (std::is_same_v<T, std::int32_t>) return "integer";
  if constexpr (std::is_same_v<T, std::int64_t>) return "long";
  if constexpr (std::is_same_v<T, bool>) return "boolean";
  if constexpr (std::is_same_v<T, Blob>) return "blob";
  if constexpr (std::is_same_v<T, TimePoint>) return "timestamp";
  if constexpr (std::is_same_v<T, TextMap>) return "map";
  if constexpr (kIsList<T>) return "list";
  if constexpr (Structure<T>) return "structure";
}

template <class T>
struct Bare {
  using Type = T;
};
template <class T>
struct Bare<std::optional<T>> {
  using Type = T;
};

template <class T>
void describe_members(JsonWriter& out);

// The members of a description; the caller opens and closes it.
template <class T>
void describe_type(JsonWriter& out) {
  out.member("type", type_name<T>());
  if constexpr (Structure<T>) {
    describe_members<T>(out);
  } else if constexpr (kIsList<T>) {
    out.key("element").begin_object();
    describe_type<typename T::value_type>(out);
    out.end_object();
  }
}

template <class F>
void describe_field(JsonWriter& out, const F& field) {
  out.key(field.name).begin_object();
  describe_type<typename Bare<typename F::Type>::Type>(out);
  out.member("required", !kIsOptional<typename F::Type>);
  describe_rules(out, field.rules);
  out.end_object();
}

template <class T>
void describe_members(JsonWriter& out) {
  out.key("members").begin_object();
  std::apply([&](const auto&... each) { (describe_field(out, each), ...); }, T::shape());
  out.end_object();
}

}  // namespace detail

template <Structure T>
void describe(JsonWriter& out) {
  out.begin_object();
  detail::describe_type<T>(out);
  out.end_object();
}

}  // namespace hydrant::aws
