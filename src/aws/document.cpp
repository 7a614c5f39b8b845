#include "aws/document.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "aws/boolean.h"

namespace hydrant::aws {
namespace {

// More than any list or map may hold. Of a list the rest is not kept, which breaks its rules as
// well without; a map has no rule of its size, and one that is larger is no request.
constexpr std::size_t kElementsKept = 20'000, kEntriesMax = 10'000;

// Types first: takes over what the shape knows, null members left out. One of a reader or a Json is
// the source; both are brought to a Json beforehand, so that there is a single walk.
class Typing {
 public:
  bool structure(const Json& from, const Shape& shape, Json& to);
  bool value(const Json& from, const Shape& shape, Json& to);
  const Error& error() const { return *error_; }

 private:
  bool refuse(Error error) {
    error_ = std::move(error);
    return false;
  }
  bool list(const Json& from, const Shape& shape, Json& to);
  bool map(const Json& from, Json& to);
  bool boolean(const Json& from, Json& to);
  bool scalar(const Json& from, const Shape& shape, Json& to);
  std::optional<Error> error_;
};

Kind kind_of(const Json& value) {
  if (value.is_null()) return Kind::null;
  if (value.is_boolean()) return Kind::boolean;
  if (value.is_number()) return Kind::number;
  if (value.is_string()) return Kind::text;
  if (value.is_binary()) return Kind::bytes;
  return value.is_array() ? Kind::list : Kind::map;
}

std::int64_t whole(const Json& number) {
  if (number.is_number_unsigned())
    return static_cast<std::int64_t>(std::min<std::uint64_t>(
        number.get<std::uint64_t>(), std::numeric_limits<std::int64_t>::max()));
  if (number.is_number_integer()) return number.get<std::int64_t>();
  constexpr double kLimit = 9.2e18;
  if (std::isnan(number.get<double>())) return 0;
  return static_cast<std::int64_t>(std::trunc(std::clamp(number.get<double>(), -kLimit, kLimit)));
}

// JSON has no literals for these; the protocol writes them as texts.
std::optional<double> special_number(const Json& from) {
  using Limits = std::numeric_limits<double>;
  if (from == "NaN") return Limits::quiet_NaN();
  if (from == "Infinity") return Limits::infinity();
  if (from == "-Infinity") return -Limits::infinity();
  return std::nullopt;
}

bool Typing::structure(const Json& from, const Shape& shape, Json& to) {
  if (!from.is_object()) return refuse(wrong_type(Target::structure, kind_of(from)));
  to = Json::object();
  for (const auto& [name, value] : from.items()) {
    if (value.is_null()) continue;
    const auto member = std::ranges::find(shape.members, name, &ShapeMember::name);
    if (member == shape.members.end()) continue;
    if (!this->value(value, *member->shape, to[name])) return false;
  }
  return true;
}

bool Typing::list(const Json& from, const Shape& shape, Json& to) {
  if (!from.is_array()) return refuse(wrong_type(Target::list, kind_of(from)));
  to = Json::array();
  for (const auto& element : from) {
    Json& typed = to.emplace_back();
    if (element.is_null()) continue;  // of every type; a rule is what it breaks
    if (!value(element, *shape.element, typed)) return false;
  }
  return true;
}

bool Typing::map(const Json& from, Json& to) {
  if (!from.is_object()) return refuse(wrong_type(Target::map, kind_of(from)));
  if (from.size() > kEntriesMax) return refuse(Error::malformed());
  to = Json::object();
  for (const auto& [key, value] : from.items()) {
    if (value.is_null()) continue;
    if (!value.is_string()) return refuse(wrong_type(Target::text, kind_of(value)));
    to[key] = value;
  }
  return true;
}

bool Typing::boolean(const Json& from, Json& to) {
  if (from.is_boolean()) {
    to = from;
    return true;
  }
  if (!from.is_string()) return refuse(wrong_type(Target::boolean, kind_of(from)));
  const auto& text = from.get_ref<const std::string&>();
  const auto value = boolean_of(text);
  if (!value) return refuse(bad_boolean(text));
  to = *value;
  return true;
}

bool Typing::scalar(const Json& from, const Shape& shape, Json& to) {
  const Kind given = kind_of(from);
  switch (shape.target) {
    case Target::integer:
      if (given != Kind::number) return refuse(wrong_type(shape.target, given));
      to = std::clamp<std::int64_t>(whole(from), INT32_MIN, INT32_MAX);
      return true;
    case Target::long_integer:
      if (given != Kind::number) return refuse(wrong_type(shape.target, given));
      to = whole(from);
      return true;
    case Target::floating:
      if (const auto special = special_number(from)) {
        to = *special;
        return true;
      }
      [[fallthrough]];
    case Target::timestamp:
      if (given != Kind::number) return refuse(wrong_type(shape.target, given));
      to = from;
      return true;
    case Target::boolean:
      return boolean(from, to);
    default:
      if (given != Kind::text) return refuse(wrong_type(shape.target, given));
      to = from;
      return true;
  }
}

bool Typing::value(const Json& from, const Shape& shape, Json& to) {
  switch (shape.target) {
    case Target::structure:
      return structure(from, shape, to);
    case Target::list:
      return list(from, shape, to);
    case Target::map:
      return map(from, to);
    default:
      return scalar(from, shape, to);
  }
}

// Then rules.
class Checking {
 public:
  explicit Checking(bool show_values) : violations_(show_values) {}
  void structure(const Json& value, const Shape& shape);
  const Violations& violations() const { return violations_; }

 private:
  void value(const Json& value, const Shape& shape);
  void list(const Json& value, const Shape& shape);
  Path path_;
  Violations violations_;
};

void Checking::structure(const Json& value, const Shape& shape) {
  for (const auto& member : shape.members) {
    const auto found = value.find(member.name);
    if (found == value.end() && !member.required) continue;
    path_.push(member.name);
    if (found == value.end()) {
      violations_.missing(path_);
    } else {
      this->value(*found, *member.shape);
    }
    path_.pop();
  }
}

void Checking::list(const Json& value, const Shape& shape) {
  const auto is_null = [](const Json& element) { return element.is_null(); };
  if (shape.element->target == Target::text && std::ranges::none_of(value, is_null)) {
    std::vector<std::string_view> texts;
    for (const auto& element : value) texts.push_back(element.get_ref<const std::string&>());
    return violations_.check_texts(path_, shape.rules, texts);
  }
  violations_.check_length(path_, shape.rules, static_cast<std::int64_t>(value.size()),
                           [&] { return value.dump(); });
  std::size_t number = 0;
  for (const auto& element : value) {
    path_.push_element(++number);
    if (element.is_null()) {
      violations_.missing(path_);
    } else {
      this->value(element, *shape.element);
    }
    path_.pop();
  }
}

void Checking::value(const Json& value, const Shape& shape) {
  switch (shape.target) {
    case Target::structure:
      return structure(value, shape);
    case Target::list:
      return list(value, shape);
    case Target::text:
      return violations_.check_text(path_, shape.rules, value.get_ref<const std::string&>());
    case Target::integer:
    case Target::long_integer:
      return violations_.check_integer(path_, shape.rules, value.get<std::int64_t>());
    case Target::floating:
      if (shape.double_max > shape.double_min)
        violations_.check_double(path_, shape.double_min, shape.double_max, value.get<double>());
      return;
    case Target::map: {
      std::vector<std::pair<std::string_view, std::string_view>> entries;
      for (const auto& [key, text] : value.items())
        entries.emplace_back(key, text.get_ref<const std::string&>());
      return violations_.check_map(path_, shape.rules, entries);
    }
    default:
      return;
  }
}

// Of what no shape describes nothing but its kind is looked at, so that it costs no memory.
Json read_value(Reader& reader, const Shape* shape);

Json read_structure(Reader& reader, const Shape& shape) {
  Json value = Json::object();
  std::string_view name;
  reader.enter();
  while (reader.next_member(name)) {
    const auto member = std::ranges::find(shape.members, name, &ShapeMember::name);
    if (member == shape.members.end()) continue;  // the reader passes over it
    value[std::string(name)] = read_value(reader, member->shape);
  }
  return value;
}

Json read_map(Reader& reader) {
  Json value = Json::object();
  std::string_view name;
  reader.enter();
  while (reader.next_member(name)) {
    if (value.size() > kEntriesMax) continue;
    const std::string key(name);
    value[key] = read_value(reader, nullptr);
  }
  return value;
}

Json read_list(Reader& reader, const Shape& element) {
  Json value = Json::array();
  reader.enter();
  while (reader.next_element())
    if (value.size() < kElementsKept) value.push_back(read_value(reader, &element));
  return value;
}

Json read_value(Reader& reader, const Shape* shape) {
  const auto is = [shape](Target target) { return shape != nullptr && shape->target == target; };
  switch (reader.kind()) {
    case Kind::map:
      if (is(Target::structure)) return read_structure(reader, *shape);
      if (is(Target::map)) return read_map(reader);
      reader.skip();
      return Json::object();
    case Kind::list:
      if (is(Target::list)) return read_list(reader, *shape->element);
      reader.skip();
      return Json::array();
    case Kind::boolean:
      return reader.boolean();
    case Kind::number: {
      const double number = reader.number();
      if (number == std::floor(number) && std::abs(number) < 9e15)
        return static_cast<std::int64_t>(number);
      return number;
    }
    case Kind::text:
      return std::string(reader.text());
    case Kind::bytes: {
      // No deep document has a blob: all that is to be told of one is that it is of a wrong type.
      const auto bytes = reader.blob().bytes;
      return Json::binary({bytes.begin(), bytes.end()});
    }
    case Kind::null:
    case Kind::malformed:
      break;
  }
  return nullptr;
}

}  // namespace

Result<Json> check_document(const Json& document, const Shape& shape, bool show_values) {
  Typing typing;
  Json typed;
  if (!typing.structure(document, shape, typed)) return typing.error();
  if (shape.before_rules != nullptr) {
    if (auto error = shape.before_rules(typed)) return *std::move(error);
  }
  Checking checking(show_values);
  checking.structure(typed, shape);
  if (!checking.violations().empty()) return checking.violations().error();
  return typed;
}

Result<Json> read_document(Reader& reader, const Shape& shape, bool show_values) {
  if (reader.kind() != Kind::map) return Error::malformed();
  const Json document = read_value(reader, &shape);
  if (reader.failed() || !reader.finished()) return Error::malformed();
  return check_document(document, shape, show_values);
}

void write_document(Writer& reply, const Json& document) {
  switch (kind_of(document)) {
    case Kind::map:
      reply.begin_map();
      for (const auto& [name, value] : document.items()) {
        reply.key(name);
        write_document(reply, value);
      }
      reply.end_map();
      break;
    case Kind::list:
      reply.begin_list();
      for (const auto& element : document) write_document(reply, element);
      reply.end_list();
      break;
    case Kind::boolean:
      reply.boolean(document.get<bool>());
      break;
    case Kind::number:
      if (document.is_number_float()) {
        reply.number(document.get<double>());
      } else {
        reply.integer(document.get<std::int64_t>());
      }
      break;
    case Kind::text:
      reply.text(document.get_ref<const std::string&>());
      break;
    case Kind::bytes:
    case Kind::null:
    case Kind::malformed:
      break;
  }
}

}  // namespace hydrant::aws
