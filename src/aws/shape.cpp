#include "aws/shape.h"

#include "net/message.h"

namespace hydrant::aws {

// The service's JSON parser takes a few words for a boolean, but no number.
bool Decoder::read(bool& to) {
  const Kind given = reader_.kind();
  if (given == Kind::boolean) {
    to = reader_.boolean();
    return true;
  }
  if (given != Kind::text) return expect(Target::boolean, Kind::boolean);
  const std::string_view text = reader_.text();
  for (const auto word : {"true", "1", "yes"}) {
    if (net::equals_ignoring_case(text, word)) return to = true;
  }
  for (const auto word : {"false", "0", "no"}) {
    if (!net::equals_ignoring_case(text, word)) continue;
    to = false;
    return true;
  }
  return refuse(bad_boolean(text));
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
