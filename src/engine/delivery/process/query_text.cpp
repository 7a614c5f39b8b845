#include "engine/delivery/process/query_text.h"

#include <algorithm>
#include <cstddef>

namespace hydrant::delivery {
namespace {

constexpr auto kNone = std::string_view::npos;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_opening(char c) { return c == '(' || c == '[' || c == '{'; }
bool is_closing(char c) { return c == ')' || c == ']' || c == '}'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// The place behind the string that begins at `at`. Inside of \( ) stands a program again, with
// strings of its own.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  std::vector<int> open;  // for each \( that is not closed yet: the parentheses inside of it
  bool in_string = false;
  do {
    const char c = text[at];
    if (in_string) {
      if (c == '\\' && at + 1 < text.size() && text[++at] == '(') {
        open.push_back(0);
        in_string = false;
      } else if (c == '"') {
        in_string = false;
        if (open.empty()) return at + 1;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '(') {
      ++open.back();
    } else if (c == ')' && open.back()-- == 0) {
      open.pop_back();
      in_string = true;
    }
  } while (++at < text.size());
  return text.size();
}

// Without its comments; what is inside of strings stays.
std::string without_comments(std::string_view text) {
  std::string code;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '"') {
      const std::size_t end = end_of_string(text, at);
      code += text.substr(at, end - at);
      at = end;
    } else if (text[at] == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else {
      code += text[at++];
    }
  }
  return code;
}

// The next of `marks` outside of strings and brackets.
std::size_t find_outside(std::string_view code, std::string_view marks, std::size_t at = 0) {
  int depth = 0;
  while (at < code.size()) {
    const char c = code[at];
    if (depth == 0 && marks.find(c) != kNone) return at;
    if (c == '"') {
      at = end_of_string(code, at);
      continue;
    }
    if (is_opening(c)) ++depth;
    if (is_closing(c)) --depth;
    ++at;
  }
  return kNone;
}

// What is behind the definitions and the pipes: the last step, whose value is the query's.
std::string_view last_step(std::string_view code) {
  std::size_t at = find_outside(code, "|;");
  while (at != kNone) {
    const bool is_update = code.substr(at, 2) == "|=";
    if (is_update) return {};
    code.remove_prefix(at + 1);
    at = find_outside(code, "|;");
  }
  return trimmed(code);
}

// The key of one member, "name: value" or what stands for it; "" if it is worked out.
std::string key_of(std::string_view member) {
  member = trimmed(member);
  auto key = trimmed(member.substr(0, find_outside(member, ":")));
  if (key.starts_with('$')) key.remove_prefix(1);
  const bool is_text = key.size() >= 2 && key.front() == '"' && key.back() == '"';
  if (is_text) {
    key = key.substr(1, key.size() - 2);
    return key.find('\\') == kNone ? std::string(key) : std::string();
  }
  for (const char c : key)
    if (!is_name(c)) return {};
  return std::string(key);
}

}  // namespace

std::vector<std::string> keys_of_query(std::string_view query) {
  const auto code = without_comments(query);
  const auto step = last_step(code);
  if (!step.starts_with('{')) return {};
  auto members = step.substr(1);
  const std::size_t end = find_outside(members, "}");
  if (end != members.size() - 1) return {};
  members.remove_suffix(1);
  std::vector<std::string> keys;
  while (!members.empty()) {
    const std::size_t comma = find_outside(members, ",");
    if (auto key = key_of(members.substr(0, comma)); !key.empty()) keys.push_back(std::move(key));
    if (comma == kNone) break;
    members.remove_prefix(comma + 1);
  }
  return keys;
}

bool has_paired_brackets(std::string_view query) {
  const auto code = without_comments(query);
  std::string open;
  for (std::size_t at = 0; at < code.size();) {
    const char c = code[at];
    if (c == '"') {
      at = end_of_string(code, at);
      continue;
    }
    if (is_opening(c)) open.push_back(c == '(' ? ')' : c == '[' ? ']' : '}');
    if (is_closing(c)) {
      if (open.empty() || open.back() != c) return false;
      open.pop_back();
    }
    ++at;
  }
  return open.empty();
}

}  // namespace hydrant::delivery
