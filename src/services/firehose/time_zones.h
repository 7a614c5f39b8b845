// The time zones that CustomTimeZone takes: names of the IANA database as they were long ago.
#pragma once
#include <string_view>

namespace hydrant::firehose {

bool is_supported_time_zone(std::string_view name);

}  // namespace hydrant::firehose
