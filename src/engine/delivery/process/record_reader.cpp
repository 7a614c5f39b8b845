#include "engine/delivery/process/record_reader.h"

#include <climits>
#include <cmath>
#include <cstdint>

namespace hydrant::delivery {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

// libjq counts the depth in its own way and ends at 256.
constexpr int kDepthMax = 100;

jv string_of(std::string_view text) {
  return jv_string_sized(text.data(), static_cast<int>(text.size()));
}

jv value_of(const element& from, int depth, bool has_minus_zero);

// Invalid as soon as a part is; all else is freed then.
jv array_of(const simdjson::dom::array& from, int depth, bool has_minus_zero) {
  jv array = jv_array();
  for (const element part : from) {
    jv value = value_of(part, depth + 1, has_minus_zero);
    if (!jv_is_valid(value)) {
      jv_free(array);
      return value;
    }
    array = jv_array_append(array, value);
  }
  return array;
}

jv object_of(const simdjson::dom::object& from, int depth, bool has_minus_zero) {
  jv object = jv_object();
  for (const auto [name, part] : from) {
    jv value = value_of(part, depth + 1, has_minus_zero);
    if (!jv_is_valid(value)) {
      jv_free(object);
      return value;
    }
    object = jv_object_set(object, string_of(name), value);
  }
  return object;
}

jv value_of(const element& from, int depth, bool has_minus_zero) {
  if (depth > kDepthMax) return jv_invalid();
  switch (from.type()) {
    case element_type::OBJECT:
      return object_of(simdjson::dom::object(from), depth, has_minus_zero);
    case element_type::ARRAY:
      return array_of(simdjson::dom::array(from), depth, has_minus_zero);
    case element_type::STRING:
      return string_of(std::string_view(from));
    case element_type::INT64: {
      const auto number = std::int64_t(from);
      // As an integer -0 has no sign any more, and jq prints it.
      if (number == 0 && has_minus_zero) return jv_invalid();
      return jv_number(static_cast<double>(number));
    }
    case element_type::UINT64:
      return jv_number(static_cast<double>(std::uint64_t(from)));
    case element_type::DOUBLE:
      return jv_number(double(from));
    case element_type::BOOL:
      return jv_bool(bool(from) ? 1 : 0);
    case element_type::NULL_VALUE:
      return jv_null();
  }
  return jv_invalid();
}

bool has_nan(jv value) {
  bool has = false;
  if (jv_get_kind(value) == JV_KIND_NUMBER) {
    has = std::isnan(jv_number_value(value));
  } else if (jv_get_kind(value) == JV_KIND_ARRAY) {
    jv_array_foreach(value, i, part) has = has_nan(part) || has;
  } else if (jv_get_kind(value) == JV_KIND_OBJECT) {
    jv_object_foreach(value, name, part) {
      jv_free(name);
      has = has_nan(part) || has;
    }
  }
  jv_free(value);
  return has;
}

// No more than jq's own depth, which ends the recursion.
jv without_nan(jv value) {
  if (!jv_is_valid(value) || !has_nan(jv_copy(value))) return value;
  jv_free(value);
  return jv_invalid();
}

jv parse(std::string_view record) {
  // jv_parse_sized would do, but that it reads beyond the end of the record to tell of an error.
  jv_parser* parser = jv_parser_new(0);
  jv_parser_set_buf(parser, record.data(), static_cast<int>(record.size()), 0);
  jv value = jv_parser_next(parser);
  if (jv_is_valid(value)) {
    jv more = jv_parser_next(parser);
    if (jv_is_valid(more) || jv_invalid_has_msg(jv_copy(more))) {
      jv_free(value);
      value = jv_invalid();
    }
    jv_free(more);
  }
  jv_parser_free(parser);
  return value;
}

}  // namespace

jv RecordReader::read(std::string_view record) {
  if (record.size() > INT_MAX) return jv_invalid();
  element root;
  if (parser_.parse(record.data(), record.size(), true).get(root) == simdjson::SUCCESS) {
    const bool has_minus_zero = record.find("-0") != std::string_view::npos;
    jv value = value_of(root, 0, has_minus_zero);
    if (jv_is_valid(value)) return value;
    jv_free(value);
  }
  // jq takes more than JSON has: texts that are no UTF-8, numbers beyond the largest. And nan,
  // which no function of its is safe from.
  return without_nan(parse(record));
}

}  // namespace hydrant::delivery
