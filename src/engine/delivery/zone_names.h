// What java.time calls time zones in its English (United States) locale.
#pragma once
#include <optional>
#include <string_view>

namespace hydrant::delivery {

struct ZoneNames {
  struct Names {
    std::string_view standard, daylight, generic;
  };
  Names brief;  // "PST", "PDT", "PT"
  Names full;   // "Pacific Standard Time" ...
};

// Of a zone that CustomTimeZone takes, by its IANA name; none for any other.
std::optional<ZoneNames> find_zone_names(std::string_view zone);

}  // namespace hydrant::delivery
