// Patterns of java.time's DateTimeFormatter, which is what prefixes are evaluated with: an English
// (United States) locale, so weeks begin on Sunday and the first one holds the first of January.
#pragma once
#include <string>
#include <string_view>

#include "core/clock.h"
#include "engine/delivery/time_zone.h"

namespace hydrant::delivery {

bool valid_date_pattern(std::string_view pattern);

// `time` as the clocks of a zone show it, by a valid pattern. Of an invalid one the pattern itself
// is returned.
std::string format_date(std::string_view pattern, TimePoint time, const TimeZone& zone);

}  // namespace hydrant::delivery
