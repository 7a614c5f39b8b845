// Patterns of java.time's DateTimeFormatter, which is what prefixes are evaluated with: an English
// (United States) locale, so weeks begin on Sunday and the first one holds the first of January.
#pragma once
#include <string>
#include <string_view>

#include "core/clock.h"

namespace hydrant::delivery {

bool valid_date_pattern(std::string_view pattern);

// `time` in UTC by a valid pattern. Of an invalid one the pattern itself is returned.
std::string format_date(std::string_view pattern, TimePoint time);

}  // namespace hydrant::delivery
