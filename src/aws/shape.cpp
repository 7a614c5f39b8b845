#include "aws/shape.h"

#include "aws/boolean.h"

namespace hydrant::aws {

bool Decoder::read(bool& to) {
  const Kind given = reader_.kind();
  if (given == Kind::boolean) {
    to = reader_.boolean();
    return true;
  }
  if (given != Kind::text) return expect(Target::boolean, Kind::boolean);
  const std::string_view text = reader_.text();
  const auto value = boolean_of(text);
  if (!value) return refuse(bad_boolean(text));
  to = *value;
  return true;
}

bool Decoder::read(TextMap& to) {
  if (!expect(Target::map, Kind::map)) return false;
  reader_.enter();
  std::string_view key;
  while (reader_.next_member(key)) {
    if (reader_.kind() == Kind::null) continue;
    auto& entry = to.emplace_back(key, std::string_view{});
    if (!read(entry.second)) return false;
  }
  return !reader_.failed();
}

}  // namespace hydrant::aws
