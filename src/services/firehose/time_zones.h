// The time zones that CustomTimeZone takes: names of the IANA database as they were long ago.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::firehose {

bool is_supported_time_zone(std::string_view name);
std::vector<std::string> supported_time_zones();

}  // namespace hydrant::firehose
