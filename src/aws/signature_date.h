// The dates of signatures: ISO 8601 basic format, and that of HTTP's own Date header.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"

namespace hydrant::aws {

// "20260101T000000Z" or "Thu, 01 Jan 2026 00:00:00 GMT". None if it is neither.
std::optional<TimePoint> parse_signature_date(std::string_view text);
std::string format_basic(TimePoint time);  // 20260101T000000Z, fractions cut off

}  // namespace hydrant::aws
