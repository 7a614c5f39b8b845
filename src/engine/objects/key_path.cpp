#include "engine/objects/key_path.h"

namespace hydrant::objects {
namespace {

constexpr std::string_view kEmpty = "%2F";
constexpr std::string_view kGoesOn = "%2B";
constexpr std::string_view kOwnNames = ".hydrant";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_escape_at(std::string_view text, std::size_t at) {
  return text[at] == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 &&
         hex_value(text[at + 2]) >= 0;
}

// A `%` that begins no `%XX` stays: nothing that escaping puts behind it starts with a hex digit,
// so that it begins none afterwards either.
std::string escaped(std::string_view text) {
  const std::size_t dots = text == "." ? 1 : text == ".." ? 2 : text.starts_with(kOwnNames) ? 1 : 0;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i < dots) {
      out += "%2E";
    } else if (text[i] == '\0') {
      out += "%00";
    } else if (is_escape_at(text, i)) {
      out += "%25";
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_escape_at(text, i)) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string key_segment(std::string_view segment) {
  if (segment.ends_with(kTaken)) segment.remove_suffix(kTaken.size());
  return segment == kEmpty ? "" : unescaped(segment);
}

// Where to cut a text that is too long for one name. Not inside a character, for file systems that
// want UTF-8. What remains has at least four bytes, so it is never `.` or `..`.
std::size_t cut(std::string_view text) {
  std::size_t at = kNameBytesMax - kGoesOn.size();
  for (int back = 0; back < 3 && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80; ++back) {
    --at;
  }
  return at;
}

}  // namespace

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts;
  while (true) {
    const auto slash = path.find('/');
    parts.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

std::vector<std::string> escaped_segments(std::string_view key) {
  auto segments = split_path(key);
  for (auto& segment : segments) segment = segment.empty() ? std::string(kEmpty) : escaped(segment);
  return segments;
}

std::vector<std::string> names_of(std::string_view escaped_segment) {
  std::vector<std::string> names;
  while (escaped_segment.size() > kNameBytesMax) {
    const auto at = cut(escaped_segment);
    names.emplace_back(escaped_segment.substr(0, at)).append(kGoesOn);
    escaped_segment.remove_prefix(at);
  }
  names.emplace_back(escaped_segment);
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string path;
  for (const auto& name : names) {
    if (!path.empty()) path += '/';
    path += name;
  }
  return path;
}

std::optional<std::string> escaped_bucket(std::string_view bucket) {
  std::string name;
  for (const char c : escaped(bucket)) {
    if (c == '/') {
      name += "%2F";
    } else {
      name += c;
    }
  }
  if (name.empty() || name.size() > kNameBytesMax) return std::nullopt;
  return name;
}

std::string key_of_path(std::string_view path) {
  std::string key, segment;
  bool first = true;
  for (const auto& name : split_path(path)) {
    segment += name;
    if (name.ends_with(kGoesOn)) {
      segment.resize(segment.size() - kGoesOn.size());
      continue;
    }
    if (!first) key += '/';
    first = false;
    key += key_segment(segment);
    segment.clear();
  }
  return key;
}

}  // namespace hydrant::objects
