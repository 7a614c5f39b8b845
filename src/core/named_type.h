// NamedType: a value that cannot be mixed up with another of the same representation.
#pragma once
#include <compare>
#include <utility>

namespace hydrant {

template <class T, class Tag>
class NamedType {
 public:
  NamedType() = default;
  explicit NamedType(T value) : value_(std::move(value)) {}
  const T& value() const { return value_; }
  auto operator<=>(const NamedType&) const = default;

 private:
  T value_{};
};

}  // namespace hydrant
