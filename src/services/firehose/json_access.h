// Reading from documents whose types have been checked.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "aws/document.h"

namespace hydrant::firehose {

// Null: the member is not there.
inline const aws::Json* member(const aws::Json& object, std::string_view name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

inline std::string text_of(const aws::Json& object, std::string_view name) {
  const auto* value = member(object, name);
  return value == nullptr ? std::string() : value->get<std::string>();
}

inline bool flag_of(const aws::Json& object, std::string_view name, bool if_absent = false) {
  const auto* value = member(object, name);
  return value == nullptr ? if_absent : value->get<bool>();
}

// Whether the structure of that name is there and says that it is enabled.
inline bool is_enabled(const aws::Json& object, std::string_view name, bool if_unsaid = false) {
  const auto* value = member(object, name);
  return value != nullptr && flag_of(*value, "Enabled", if_unsaid);
}

inline void set_default(aws::Json& object, std::string_view name, aws::Json value) {
  if (!object.contains(name)) object[std::string(name)] = std::move(value);
}

// The members of those names, in their order, and no others.
inline aws::Json arranged(const aws::Json& members, std::span<const std::string_view> names) {
  aws::Json result = aws::Json::object();
  for (const auto name : names) {
    if (const auto* value = member(members, name)) result[std::string(name)] = *value;
  }
  return result;
}

}  // namespace hydrant::firehose
