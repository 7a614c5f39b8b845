// Arn: the parts of an Amazon Resource Name.
#pragma once
#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace hydrant::aws {

// Views into the text that was parsed.
struct Arn {
  std::string_view partition, service, region, account, resource;

  // None if it does not begin with "arn:" or has fewer than six parts.
  template <std::same_as<std::string> Temporary>  // the views would outlive it
  static std::optional<Arn> parse(Temporary&&) = delete;
  static std::optional<Arn> parse(std::string_view text) {
    Arn arn;
    std::string_view* const parts[] = {nullptr, &arn.partition, &arn.service, &arn.region,
                                       &arn.account};
    for (auto* part : parts) {
      const auto colon = text.find(':');
      if (colon == std::string_view::npos) return std::nullopt;
      if (part == nullptr && text.substr(0, colon) != "arn") return std::nullopt;
      if (part != nullptr) *part = text.substr(0, colon);
      text.remove_prefix(colon + 1);
    }
    arn.resource = text;
    return arn;
  }
};

inline std::string_view partition_of(std::string_view region) {
  if (region.starts_with("cn-")) return "aws-cn";
  return region.starts_with("us-gov-") ? "aws-us-gov" : "aws";
}

}  // namespace hydrant::aws
