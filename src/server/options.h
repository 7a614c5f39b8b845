// From argv, the environment and the configuration file to Options. Defaults < file < environment <
// flags; an unknown name or a bad value is one sentence that names it and what was expected.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hydrant/options.h"

namespace hydrant::server {

// What the command line asks the program to do.
enum class Action { run, check, health, version, help };

// A flag that is no setting.
struct Command {
  std::string_view flag;
  Action action;
  std::string_view about;  // one sentence
};
// The first one given wins over the others; the first two over any mistake beside them.
std::span<const Command> commands();

struct CommandLine {
  Action action = Action::run;
  Options options;
  std::vector<std::string> warnings;  // HYDRANT_* variables that are no setting, one sentence each
};

// Why the program cannot start, as one sentence. main() ends with exit code 2.
struct ConfigurationError {
  std::string sentence;
};

template <class T>
using Parsed = std::variant<T, ConfigurationError>;

// The configuration file, read by the caller so that parsing stays a pure function.
struct ConfigurationText {
  std::string path;
  std::string text;
};

// The file that --config or HYDRANT_CONFIG names, if one does. Other mistakes are left to
// parse_command_line().
std::optional<std::string> configuration_path(std::span<const std::string> arguments,
                                              std::span<const std::string> environment);

// `arguments` without the program's name; `environment` as NAME=value. Reads nothing else.
Parsed<CommandLine> parse_command_line(std::span<const std::string> arguments,
                                       std::span<const std::string> environment,
                                       const std::optional<ConfigurationText>& file);

// Both of the above with the file read in between: what main() calls.
Parsed<CommandLine> read_command_line(int argc, const char* const* argv,
                                      const char* const* environ);

std::string help_text();       // --help
std::string settings_table();  // the Markdown table of docs/configuration.md

}  // namespace hydrant::server
