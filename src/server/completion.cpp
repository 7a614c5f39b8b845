#include "server/completion.h"

#include <string_view>

#include "server/options.h"
#include "server/setting.h"

namespace hydrant::server {
namespace {

using Type = Setting::Type;

constexpr std::string_view kMade = "Made from hydrant's table of settings; do not edit.\n";

std::string joined(const std::vector<std::string>& words, std::string_view between = " ") {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += between;
    text += word;
  }
  return text;
}

std::vector<std::string> flags_where(bool (*wanted)(const Setting&)) {
  std::vector<std::string> flags;
  for (const Setting& setting : settings()) {
    if (wanted(setting)) flags.push_back(setting.flag);
  }
  return flags;
}

std::string with_backslash(std::string_view text, std::string_view before) {
  std::string escaped;
  for (const char c : text) {
    if (before.find(c) != std::string_view::npos) escaped.push_back('\\');
    escaped.push_back(c);
  }
  return escaped;
}

// In single quotes, where only the quote itself must be taken out of them.
std::string in_single_quotes(std::string_view text) {
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word.push_back(c);
    }
  }
  return word + "'";
}

constexpr std::string_view kBashHead = R"(_hydrant() {
  local IFS=$'\n' word=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD-1]}
  # --flag=value comes as three words.
  if [[ $word == = ]]; then
    word=
  elif [[ $flag == = && $COMP_CWORD -ge 2 ]]; then
    flag=${COMP_WORDS[COMP_CWORD-2]}
  fi
  local more=
  case $flag in
)";

// Words are split at line ends only, so that names of files may hold blanks.
constexpr std::string_view kBashTail = R"(
  esac
  COMPREPLY=($(IFS=' '; compgen -W "$more )";

std::string bash_case(const std::string& flags, const std::string& commands) {
  return "    " + flags + ")\n      " + commands + " ;;\n";
}

constexpr std::string_view kZshHead = "#compdef hydrant\n# ";

std::string zsh_action(const Setting& setting) {
  if (setting.type == Type::folder) return "_files -/";
  if (setting.type == Type::file) return "_files";
  return setting.choices.empty() ? " " : "(" + joined(setting.choices) + ")";
}

std::string fish_values(const Setting& setting) {
  if (setting.type == Type::folder) return " -x -a '(__fish_complete_directories)'";
  if (setting.type == Type::file) return " -r -F";
  if (setting.choices.empty()) return " -x";
  // A boolean's value may be left out.
  return (setting.type == Type::boolean ? " -f -a " : " -x -a ") +
         in_single_quotes(joined(setting.choices));
}

std::string fish_line(std::string_view flag, std::string_view about, const std::string& values) {
  return "complete -c hydrant -l " + std::string(flag.substr(2)) + values + " -d " + "'" +
         with_backslash(about, "\\'") + "'\n";
}

}  // namespace

std::string bash_completion() {
  std::string script = "# " + std::string(kMade) + std::string(kBashHead);
  const auto files = flags_where([](const Setting& s) { return s.type == Type::file; });
  const auto folders = flags_where([](const Setting& s) { return s.type == Type::folder; });
  const auto booleans = flags_where([](const Setting& s) { return s.type == Type::boolean; });
  const auto others =
      flags_where([](const Setting& s) { return !s.is_path() && s.choices.empty(); });
  const std::string names = "compopt -o filenames 2>/dev/null\n      ";
  const std::string done = " -- \"$word\"))\n      return";
  script += bash_case(joined(files, " | "), names + "COMPREPLY=($(compgen -f" + done);
  script += bash_case(joined(folders, " | "), names + "COMPREPLY=($(compgen -d" + done);
  for (const Setting& setting : settings()) {
    if (setting.choices.empty() || setting.type == Type::boolean) continue;
    script += bash_case(setting.flag, "COMPREPLY=($(IFS=' '; compgen -W " +
                                          in_single_quotes(joined(setting.choices)) + done);
  }
  script += bash_case(joined(others, " | "), "return");
  script += bash_case(joined(booleans, " | "), "more='true false'");
  script.pop_back();
  script += kBashTail;
  for (const Command& command : commands()) script += std::string(command.flag) + " ";
  script += joined(flags_where([](const Setting&) { return true; }));
  return script + "\" -- \"$word\"))\n}\ncomplete -F _hydrant hydrant\n";
}

std::string zsh_completion() {
  std::string script = std::string(kZshHead) + std::string(kMade) + "_arguments -S";
  for (const Command& command : commands()) {
    script += " \\\n  " + in_single_quotes(std::string(command.flag) + "[" +
                                           with_backslash(command.about, "\\[]:") + "]");
  }
  for (const Setting& setting : settings()) {
    script += " \\\n  " +
              in_single_quotes(setting.flag + "=[" + with_backslash(setting.about, "\\[]:") + "]" +
                               (setting.type == Type::boolean ? "::" : ":") +
                               with_backslash(setting.expected, "\\:") + ":" + zsh_action(setting));
  }
  return script + "\n";
}

std::string fish_completion() {
  std::string script = "# " + std::string(kMade) + "complete -c hydrant -f\n";
  for (const Command& command : commands()) script += fish_line(command.flag, command.about, "");
  for (const Setting& setting : settings())
    script += fish_line(setting.flag, setting.about, fish_values(setting));
  return script;
}

}  // namespace hydrant::server
