#include "server/document.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "server/setting.h"

namespace hydrant::server {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kDepthMax = 100;  // what is deeper would end in a stack that is full

struct Refusal {
  std::string sentence;
};

// Follows the parser, to know where it is and to refuse what it would take.
class Watch {
 public:
  bool operator()(int, Json::parse_event_t event, const Json& parsed) {
    using Event = Json::parse_event_t;
    switch (event) {
      case Event::object_start:
      case Event::array_start:
        if (levels_.size() == kDepthMax)
          throw Refusal{"expected no more than " + std::to_string(kDepthMax) + " levels"};
        levels_.push_back({event == Event::array_start, 0, "", {}});
        break;
      case Event::key:
        levels_.back().key = parsed.get<std::string>();
        if (!levels_.back().keys.insert(levels_.back().key).second)
          throw Refusal{place() + ": the key comes twice"};
        break;
      case Event::object_end:
      case Event::array_end:
        levels_.pop_back();
        [[fallthrough]];
      case Event::value:
        if (!levels_.empty()) ++levels_.back().index;
        break;
    }
    return true;
  }

  // "streams[1].Tags"; empty at the top.
  std::string place() const {
    std::string text;
    for (const Level& level : levels_) {
      if (level.is_list) {
        text += "[" + std::to_string(level.index) + "]";
      } else {
        text += (text.empty() ? "" : ".") + level.key;
      }
    }
    return text;
  }

 private:
  struct Level {
    bool is_list;
    std::size_t index;  // of the element that comes, or has begun
    std::string key;
    std::set<std::string> keys;
  };
  std::vector<Level> levels_;
};

// "[...] parse error at line 1, column 2: syntax error while parsing ...": only the end of it. The
// library counts the byte at which it stopped, from 1; an editor wants line and column.
std::string syntax_error(const std::string& text, const Json::parse_error& error) {
  const std::size_t stopped = error.byte == 0 ? 0 : std::min(error.byte - 1, text.size());
  const auto start = text.begin();
  const auto end = start + static_cast<std::ptrdiff_t>(stopped);
  const auto line = 1 + std::count(start, end, '\n');
  const std::size_t break_before = stopped == 0 ? std::string::npos : text.rfind('\n', stopped - 1);
  const std::size_t column =
      break_before == std::string::npos ? stopped + 1 : stopped - break_before;
  const std::string what = error.what();
  const std::size_t detail = what.find(": ", std::min(what.find("column"), what.size()));
  return ":" + std::to_string(line) + ":" + std::to_string(column) + ": not JSON" +
         (detail == std::string::npos ? "" : what.substr(detail));
}

// "[json.exception.out_of_range.406] number overflow parsing '1e400'"
std::string overflow(const Watch& watch, const std::string& what) {
  const std::string number = what.substr(std::min(what.find('\''), what.size()));
  return ": " + watch.place() + ": expected a number that is not so large, got " + number;
}

std::optional<std::string> unknown_of_structure(const Json& object, const aws::Shape& shape,
                                                const std::string& path) {
  for (const auto& [name, value] : object.items()) {
    const std::string place = path + "." + name;
    const auto known = std::ranges::find(shape.members, name, &aws::ShapeMember::name);
    if (known != shape.members.end()) {
      if (auto unknown = unknown_member(value, *known->shape, place)) return unknown;
      continue;
    }
    std::vector<std::string> names;
    for (const auto& member : shape.members) names.emplace_back(member.name);
    return place + ": unknown key" + did_you_mean(name, names);
  }
  return std::nullopt;
}

}  // namespace

Parsed<nlohmann::json> parse_document(const std::string& text, const std::string& path) {
  Watch watch;
  try {
    const auto follow = [&watch](int depth, Json::parse_event_t event, const Json& parsed) {
      return watch(depth, event, parsed);
    };
    Json document = Json::parse(text, follow, true, /*ignore_comments=*/true);
    if (!document.is_object()) return ConfigurationError{path + ": expected a JSON object"};
    return document;
  } catch (const Refusal& refusal) {
    return ConfigurationError{path + ": " + refusal.sentence};
  } catch (const Json::parse_error& error) {
    return ConfigurationError{path + syntax_error(text, error)};
  } catch (const Json::out_of_range& error) {
    return ConfigurationError{path + overflow(watch, error.what())};
  }
}

std::optional<std::string> unknown_member(const nlohmann::json& value, const aws::Shape& shape,
                                          const std::string& path) {
  if (shape.target == aws::Target::structure && value.is_object())
    return unknown_of_structure(value, shape, path);
  if (shape.target != aws::Target::list || !value.is_array()) return std::nullopt;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (auto unknown =
            unknown_member(value[i], *shape.element, path + "[" + std::to_string(i) + "]"))
      return unknown;
  }
  return std::nullopt;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& names) {
  const std::string closest = closest_name(name, names);
  return closest.empty() ? "" : "; did you mean " + closest + "?";
}

}  // namespace hydrant::server
