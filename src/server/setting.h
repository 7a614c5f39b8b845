// Setting: one row of the table of settings, and the builders that make a row from a member of
// Options. Flag, variable, bounds, help and documentation all come from the row.
#pragma once
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hydrant/options.h"

namespace hydrant::server {

struct Setting {
  enum class Type { text, file, folder, integer, number, boolean, credentials };

  std::string key;   // its place in the file: "throttle.scale"; empty: not in the file
  std::string flag;  // "--throttle.scale"
  Type type;
  std::string expected;  // "a number from 0.001 to 1000000", as error sentences and the help say it
  std::string fallback;  // the default, as the help shows it; empty: none
  std::string about;     // one sentence
  std::vector<std::string> choices;  // what a shell offers; empty: anything may fit

  // False, and the options as they were, if the text is not what was expected.
  std::function<bool(Options&, const std::string&)> apply;

  std::string variable() const;  // "HYDRANT_THROTTLE_SCALE"
  bool is_path() const { return type == Type::file || type == Type::folder; }
  bool secret() const { return type == Type::credentials; }  // its value is kept out of messages
};

// Every setting, in the order of the help. `--config` is the first: it is no key of the file.
const std::vector<Setting>& settings();

// None of the names is within reach: empty.
std::string closest_name(std::string_view name, const std::vector<std::string>& names);

}  // namespace hydrant::server
