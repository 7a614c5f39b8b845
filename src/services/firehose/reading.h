// Reading texts by hand where the service model has a regular expression.
#pragma once
#include <algorithm>
#include <cstddef>
#include <string_view>

namespace hydrant::firehose {

bool is_one_line(std::string_view text);

namespace reading {

using Text = std::string_view;

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
inline bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
inline bool is_alphanumeric(char c) { return is_digit(c) || is_letter(c); }
inline bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
inline bool is_one_of(char c, Text set) { return set.find(c) != Text::npos; }

inline bool all(Text text, bool (*fits)(char)) { return std::ranges::all_of(text, fits); }

inline bool is_name_character(char c) { return is_alphanumeric(c) || is_one_of(c, "_.-"); }
inline bool is_region_character(char c) { return is_alphanumeric(c) || c == '-'; }
inline bool is_path_character(char c) { return is_alphanumeric(c) || is_one_of(c, "_+=,.@-/"); }

// Cuts off what follows the last colon.
inline Text take_last(Text& text) {
  const auto colon = text.rfind(':');
  const Text last = colon == Text::npos ? text : text.substr(colon + 1);
  text = colon == Text::npos ? Text() : text.substr(0, colon);
  return last;
}

// An ARN whose head is the pattern "arn:.*": that may hold colons, so it is read from its end,
// where no part may but a resource that is known to hold so many.
struct ArnTail {
  Text service, region, account, resource;
  bool complete = false;

  explicit ArnTail(Text text, std::size_t colons = 0) {
    resource = take_last(text);
    for (std::size_t i = 0; i < colons && !text.empty(); ++i)
      resource = {take_last(text).data(), resource.end()};
    account = take_last(text);
    region = take_last(text);
    service = take_last(text);
    complete = text.starts_with("arn:") && is_one_line(text);
  }
  bool is_of(Text wanted) const { return complete && service == wanted; }
  bool has_account() const { return account.size() == 12 && all(account, &is_digit); }
  bool has_region() const { return !region.empty() && all(region, &is_region_character); }
  bool names(Text kind, bool (*fits)(char)) const {
    return resource.starts_with(kind) && resource.size() > kind.size() &&
           all(resource.substr(kind.size()), fits);
  }
};

}  // namespace reading
}  // namespace hydrant::firehose
