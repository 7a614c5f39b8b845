// Deep documents: the destinations of a delivery stream. A declared shape checks the document,
// which is then kept as it came, in the order of its members, because Describe gives it back.
#pragma once
#include <nlohmann/json.hpp>

#include <optional>
#include <string_view>
#include <vector>

#include "aws/error.h"
#include "aws/reader.h"
#include "aws/rules.h"
#include "aws/validation.h"
#include "aws/writer.h"

namespace hydrant::aws {

using Json = nlohmann::ordered_json;

struct Shape;

struct ShapeMember {
  std::string_view name;
  const Shape* shape;
  bool required = false;
};

// Built once at start and never changed; shapes refer to each other by address.
struct Shape {
  Target target = Target::structure;
  Rules rules;
  std::vector<ShapeMember> members;  // of a structure, in the order in which violations are listed
  const Shape* element = nullptr;    // of a list
  double double_min = 0, double_max = 0;
  // Of a whole document: what is refused once the types have been checked, and before any rule.
  std::optional<Error> (*before_rules)(const Json& typed) = nullptr;
};

// Reads a whole document, checks types (in the order of the document) and then rules (in the order
// of the shape). Unknown members are dropped, null members count as absent; null in a list breaks a
// rule.
[[nodiscard]] Result<Json> read_document(Reader& reader, const Shape& shape, bool show_values);

// The same for a document that is there already: what a configuration file says.
[[nodiscard]] Result<Json> check_document(const Json& document, const Shape& shape,
                                          bool show_values);

// A document into a reply; numbers, texts and booleans as they are.
void write_document(Writer& reply, const Json& document);

}  // namespace hydrant::aws
