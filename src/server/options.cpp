#include "server/options.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "hydrant/version.h"
#include "server/credentials.h"
#include "server/document.h"
#include "server/setting.h"

namespace hydrant::server {
namespace {

using Json = nlohmann::json;

// What the file holds besides settings; configuration.cpp reads it.
constexpr std::string_view kResourceKeys[] = {"kmsKeys", "streams", "functions", "deliveryStreams"};

constexpr Command kCommands[] = {
    {"--help", Action::help, "Print this text."},
    {"--version", Action::version, "Print the version."},
    {"--health", Action::health, "Ask the server that runs with these settings whether it serves."},
    {"--check", Action::check, "Read the configuration, say what is wrong with it, and end."},
};

// Variables that the build, the tests or a container platform set and that are no settings of the
// program.
constexpr std::string_view kForeignVariables[] = {"HYDRANT_COMPILER_LAUNCHER", "HYDRANT_PROGRAM",
                                                  "HYDRANT_SERVICE_", "HYDRANT_PORT_"};

std::string in_quotes(std::string_view text) {
  static constexpr std::size_t kShownMax = 60;
  std::string shown = "\"";
  shown += text.substr(0, kShownMax);
  return shown + (text.size() > kShownMax ? "...\"" : "\"");
}

// Collects the settings in the order of their precedence; the first mistake ends it.
class Collector {
 public:
  explicit Collector(Options& options) : options_(options) {}

  // `where` names the setting as the user wrote it.
  void apply(const Setting& setting, const std::string& where, const std::string& value) {
    const std::string repeated = setting.secret() ? repeated_id(value) : "";
    if (!repeated.empty()) return fail(where + ": the access key id " + repeated + " comes twice");
    if (!setting.apply(options_, value)) {
      refuse(setting, where, in_quotes(value));
    } else {
      given_.insert(setting.key);
    }
  }

  void apply_json(const Setting& setting, const std::string& where, const Json& value,
                  const std::string& folder) {
    using Type = Setting::Type;
    // {"throttle": {"scale": 1}, "throttle.scale": 2}
    if (given(setting.key)) return fail(where + ": the key comes twice");
    if (setting.type == Type::credentials) {
      given_.insert(setting.key);
      const auto wrong = read_credentials(value, options_.credentials);
      if (wrong) fail(where + *wrong);
      return;
    }
    const bool fits = (setting.type == Type::integer && value.is_number_integer()) ||
                      (setting.type == Type::number && value.is_number()) ||
                      (setting.type == Type::boolean && value.is_boolean()) ||
                      (setting.type == Type::text && value.is_string()) ||
                      (setting.is_path() && value.is_string());
    if (!fits) return refuse(setting, where, quoted_json(value));
    given_.insert(setting.key);
    std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (setting.is_path() && !text.empty()) {
      text = (std::filesystem::path(folder) / text).string();
    }
    if (!setting.apply(options_, text)) refuse(setting, where, quoted_json(value));
  }

  void fail(std::string sentence) {
    if (error_.empty()) error_ = std::move(sentence);
  }
  bool failed() const { return !error_.empty(); }
  const std::string& error() const { return error_; }
  bool given(const std::string& key) const { return given_.contains(key); }

 private:
  void refuse(const Setting& setting, const std::string& where, const std::string& got) {
    fail(where + ": expected " + setting.expected + (setting.secret() ? "" : ", got " + got));
  }
  static std::string quoted_json(const Json& value) {
    const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    return value.is_string() ? in_quotes(value.get<std::string>()) : text.substr(0, 60);
  }

  Options& options_;
  std::set<std::string> given_;
  std::string error_;
};

std::vector<std::string> known_keys() {
  std::vector<std::string> keys(std::begin(kResourceKeys), std::end(kResourceKeys));
  for (const Setting& setting : settings()) {
    if (!setting.key.empty()) keys.push_back(setting.key);
  }
  return keys;
}

const Setting* setting_of_key(const std::string& key) {
  for (const Setting& setting : settings()) {
    if (!setting.key.empty() && setting.key == key) return &setting;
  }
  return nullptr;
}

bool is_group(const std::string& key) {
  return std::ranges::any_of(
      settings(), [&](const Setting& setting) { return setting.key.starts_with(key + "."); });
}

void collect_object(const Json& object, const std::string& prefix, const ConfigurationText& file,
                    const std::string& folder, Collector& collector) {
  for (const auto& [name, value] : object.items()) {
    const std::string key = prefix + name;
    const std::string where = file.path + ": " + key;
    if (const Setting* setting = setting_of_key(key)) {
      collector.apply_json(*setting, where, value, folder);
    } else if (is_group(key)) {
      if (!value.is_object()) return collector.fail(where + ": expected an object");
      collect_object(value, key + ".", file, folder, collector);
    } else if (std::ranges::find(kResourceKeys, key) == std::end(kResourceKeys)) {
      return collector.fail(where + ": no such setting" + did_you_mean(key, known_keys()));
    }
    if (collector.failed()) return;
  }
}

void collect_file(const ConfigurationText& file, Options& options, Collector& collector) {
  const std::string folder = std::filesystem::path(file.path).parent_path().string();
  options.configuration = file.text;
  options.configuration_folder = folder.empty() ? "." : folder;
  const Parsed<Json> document = parse_document(file.text, file.path);
  if (const auto* error = std::get_if<ConfigurationError>(&document)) {
    return collector.fail(error->sentence);
  }
  collect_object(std::get<Json>(document), "", file, folder, collector);
}

// The name and value of NAME=value; an empty value counts as not set, as in ${NAME:-}.
std::pair<std::string, std::string> split_variable(const std::string& entry) {
  const std::size_t equals = std::min(entry.find('='), entry.size());
  return {entry.substr(0, equals), entry.substr(std::min(equals + 1, entry.size()))};
}

// A container platform that has a service called hydrant sets HYDRANT_PORT=tcp://10.0.0.1:4566.
bool is_service_link(const std::string& name, const std::string& value) {
  return name == "HYDRANT_PORT" && value.starts_with("tcp://");
}

void collect_environment(std::span<const std::string> environment, Collector& collector,
                         std::vector<std::string>& warnings) {
  std::vector<std::string> names;
  for (const Setting& setting : settings()) names.push_back(setting.variable());
  for (const std::string& entry : environment) {
    const auto [name, value] = split_variable(entry);
    if (!name.starts_with("HYDRANT_") || value.empty() || is_service_link(name, value)) continue;
    const auto known = std::ranges::find(names, name);
    if (known != names.end()) {
      const auto row = static_cast<std::size_t>(known - names.begin());
      collector.apply(settings()[row], name, value);
    } else if (std::ranges::none_of(kForeignVariables, [&](std::string_view foreign) {
                 return name.starts_with(foreign);
               })) {
      warnings.push_back(name + ": no such setting, ignored" + did_you_mean(name, names));
    }
  }
}

// One flag with its value: "--port 1", "--port=1", and "--strict" alone for a true boolean.
struct Argument {
  std::string flag;
  std::optional<std::string> value;
  std::size_t used = 1;
};

Argument argument_at(std::span<const std::string> arguments, std::size_t at) {
  const std::string& text = arguments[at];
  const std::size_t equals = text.find('=');
  if (equals != std::string::npos) return {text.substr(0, equals), text.substr(equals + 1), 1};
  const bool last = at + 1 == arguments.size();
  const auto& rows = settings();
  const auto row = std::ranges::find(rows, text, &Setting::flag);
  if (row == rows.end()) return {text, std::nullopt, 1};
  if (row->type == Setting::Type::boolean) {
    const bool follows = !last && (arguments[at + 1] == "true" || arguments[at + 1] == "false");
    return {text, follows ? arguments[at + 1] : "true", follows ? 2U : 1U};
  }
  if (last || arguments[at + 1].starts_with("--")) return {text, std::nullopt, 1};
  return {text, arguments[at + 1], 2};
}

void collect_arguments(std::span<const std::string> arguments, Collector& collector,
                       Action& action) {
  std::vector<std::string> flags;
  for (const Setting& setting : settings()) flags.push_back(setting.flag);
  for (const Command& command : kCommands) flags.emplace_back(command.flag);
  for (std::size_t at = 0; at < arguments.size() && !collector.failed();) {
    const Argument argument = argument_at(arguments, at);
    at += argument.used;
    const auto command = std::ranges::find(kCommands, argument.flag, &Command::flag);
    const auto row = std::ranges::find(settings(), argument.flag, &Setting::flag);
    if (command != std::end(kCommands)) {
      if (argument.value) return collector.fail(argument.flag + ": takes no value");
      if (action == Action::run) action = command->action;
    } else if (row == settings().end()) {
      const bool is_flag = argument.flag.starts_with('-');
      collector.fail(argument.flag + (is_flag ? ": no such flag" : ": expected a flag") +
                     did_you_mean(argument.flag, flags));
    } else if (!argument.value) {
      collector.fail(argument.flag + ": expected " + row->expected + ", got nothing");
    } else {
      collector.apply(*row, argument.flag, *argument.value);
    }
  }
}

// What no single setting can say.
void check_together(Options& options, Collector& collector) {
  if (options.tls_cert.empty() != options.tls_key.empty()) {
    collector.fail("tlsCert and tlsKey go together: give both or none");
  }
  if (options.auth == Auth::verify && options.credentials.empty()) {
    collector.fail("auth: verify needs credentials to verify with");
  }
  if (!options.clock.is_virtual) return;
  // A test that advances the time itself would otherwise wait for ACTIVE for ever.
  const std::pair<const char*, std::chrono::milliseconds*> delays[] = {
      {"delays.createStreamMs", &options.delays.create_stream},
      {"delays.reshardMs", &options.delays.reshard},
      {"delays.updateStreamMs", &options.delays.update_stream},
      {"delays.consumerMs", &options.delays.consumer},
      {"delays.deleteStreamMs", &options.delays.delete_stream},
      {"delays.createDeliveryStreamMs", &options.delays.create_delivery_stream},
      {"delays.deliveryStreamEncryptionMs", &options.delays.delivery_stream_encryption}};
  for (const auto& [key, delay] : delays) {
    if (!collector.given(key)) *delay = std::chrono::milliseconds(0);
  }
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 2, width), ' ');
  return text;
}

}  // namespace

std::span<const Command> commands() { return kCommands; }

std::optional<std::string> configuration_path(std::span<const std::string> arguments,
                                              std::span<const std::string> environment) {
  std::optional<std::string> path;
  for (const std::string& entry : environment) {
    const auto [name, value] = split_variable(entry);
    if (name == "HYDRANT_CONFIG" && !value.empty()) path = value;
  }
  for (std::size_t at = 0; at < arguments.size();) {
    const Argument argument = argument_at(arguments, at);
    at += argument.used;
    if (argument.flag == "--config" && argument.value) path = argument.value;
  }
  return path;
}

Parsed<CommandLine> parse_command_line(std::span<const std::string> arguments,
                                       std::span<const std::string> environment,
                                       const std::optional<ConfigurationText>& file) {
  CommandLine line;
  for (const std::string& argument : arguments) {
    if (argument == "--help" || argument == "-h") line.action = Action::help;
    if (argument == "--version" && line.action == Action::run) line.action = Action::version;
  }
  if (line.action != Action::run) return line;

  Collector collector(line.options);
  if (file) collect_file(*file, line.options, collector);
  collect_environment(environment, collector, line.warnings);
  collect_arguments(arguments, collector, line.action);
  check_together(line.options, collector);
  if (collector.failed()) return ConfigurationError{collector.error()};
  return line;
}

Parsed<CommandLine> read_command_line(int argc, const char* const* argv,
                                      const char* const* environ) {
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  std::vector<std::string> environment;
  for (; environ != nullptr && *environ != nullptr; ++environ) environment.emplace_back(*environ);

  std::optional<ConfigurationText> file;
  // An empty one is refused with the other flags.
  if (const auto path = configuration_path(arguments, environment); path && !path->empty()) {
    // A folder opens like a file, and throws when it is read.
    std::error_code ignored;
    std::ifstream stream;
    if (!std::filesystem::is_directory(*path, ignored)) stream.open(*path, std::ios::binary);
    std::string text;
    if (stream.is_open()) text.assign(std::istreambuf_iterator<char>(stream), {});
    if (!stream.is_open() || stream.bad()) {
      return ConfigurationError{*path + ": cannot be read; expected a configuration file"};
    }
    file = ConfigurationText{*path, std::move(text)};
  }
  return parse_command_line(arguments, environment, file);
}

std::string help_text() {
  static constexpr std::size_t kColumn = 36;
  std::string text = std::string("hydrant ") + kVersion +
                     ": a local server that speaks the APIs of Amazon Kinesis Data Streams and "
                     "Amazon Data Firehose\n\nusage: hydrant [--flag value]...\n\n";
  for (const Command& command : kCommands) {
    text += padded("  " + std::string(command.flag), kColumn) + std::string(command.about) + "\n";
  }
  text +=
      "\nSettings. Each can also be an environment variable (--throttle.scale is\n"
      "HYDRANT_THROTTLE_SCALE) or a key of the configuration file; flags win over the\n"
      "environment, the environment over the file.\n\n";
  for (const Setting& setting : settings()) {
    text += padded("  " + setting.flag, kColumn) + setting.about + "\n";
    text += std::string(kColumn, ' ') + setting.expected;
    text += setting.fallback.empty() ? "\n" : " (default " + setting.fallback + ")\n";
  }
  return text;
}

std::string settings_table() {
  std::string table =
      "| flag | variable | key of the file | value | default | what it does |\n"
      "|---|---|---|---|---|---|\n";
  const auto code = [](const std::string& text) { return text.empty() ? "" : "`" + text + "`"; };
  for (const Setting& setting : settings()) {
    table += "| " + code(setting.flag) + " | " + code(setting.variable()) + " | " +
             code(setting.key) + " | " + setting.expected + " | " + code(setting.fallback) + " | " +
             setting.about + " |\n";
  }
  return table;
}

}  // namespace hydrant::server
