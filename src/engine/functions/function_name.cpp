#include "engine/functions/function_name.h"

#include <algorithm>
#include <vector>

namespace hydrant::functions {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_account(std::string_view text) {
  return text.size() == 12 && std::all_of(text.begin(), text.end(), is_digit);
}

// us-east-1, us-gov-west-1: also a possible name, so it is one only with an account behind it.
bool is_region(std::string_view text) {
  return std::count(text.begin(), text.end(), '-') >= 2 && is_digit(text.back());
}

}  // namespace

bool is_function_name(std::string_view name) {
  constexpr std::size_t kBytesMax = 140;
  return !name.empty() && name.size() <= kBytesMax &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

std::string function_name_of(std::string_view name_or_arn) {
  std::vector<std::string_view> parts;
  for (auto rest = name_or_arn;;) {
    const auto colon = rest.find(':');
    parts.push_back(rest.substr(0, colon));
    if (colon == std::string_view::npos) break;
    rest.remove_prefix(colon + 1);
  }
  const bool is_arn = parts.size() > 6 && parts[0] == "arn" && parts[2] == "lambda";
  std::size_t at = is_arn ? 5 : 0;
  const auto left = [&] { return parts.size() - at; };
  if (left() > 2 && is_region(parts[at]) && is_account(parts[at + 1])) ++at;
  if (left() > 1 && is_account(parts[at])) ++at;
  if (left() > 1 && parts[at] == "function") ++at;
  if (left() > 2) return "";
  return std::string(parts[at]);
}

}  // namespace hydrant::functions
