// Writer: one reply document, in the codec of the request.
#pragma once
#include <cstdint>
#include <string_view>

#include "core/clock.h"

namespace hydrant::aws {

// Members without a value are left out, never written as null. Names and plain() must need no
// escapes.
class Writer {
 public:
  virtual ~Writer() = default;

  virtual Writer& begin_map() = 0;
  virtual Writer& end_map() = 0;
  virtual Writer& begin_list() = 0;
  virtual Writer& end_list() = 0;
  virtual Writer& key(std::string_view name) = 0;
  virtual Writer& text(std::string_view text) = 0;
  virtual Writer& plain(std::string_view text) = 0;  // known to be printable ASCII: ids, numbers
  virtual Writer& integer(std::int64_t value) = 0;
  virtual Writer& number(double value) = 0;
  virtual Writer& boolean(bool value) = 0;
  virtual Writer& blob(std::string_view bytes) = 0;
  virtual Writer& timestamp(TimePoint time) = 0;  // to the millisecond

  Writer& member(std::string_view name, std::string_view value) { return key(name).text(value); }
  Writer& member(std::string_view name, const char* value) { return key(name).text(value); }
  Writer& member(std::string_view name, std::int64_t value) { return key(name).integer(value); }
  Writer& member(std::string_view name, std::int32_t value) { return key(name).integer(value); }
  Writer& member(std::string_view name, bool value) { return key(name).boolean(value); }
  Writer& member(std::string_view name, TimePoint value) { return key(name).timestamp(value); }
};

}  // namespace hydrant::aws
