#include "aws/signature_date.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace hydrant::aws {
namespace {

namespace chrono = std::chrono;

// None if there is anything but digits.
std::optional<int> number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<TimePoint> time_of(std::string_view year, std::optional<int> month,
                                 std::string_view day, std::string_view hour,
                                 std::string_view minute, std::string_view second) {
  const auto y = number(year), d = number(day), h = number(hour), m = number(minute),
             s = number(second);
  if (!y || !month || !d || !h || !m || !s) return std::nullopt;
  const chrono::year_month_day date(chrono::year(*y), chrono::month(static_cast<unsigned>(*month)),
                                    chrono::day(static_cast<unsigned>(*d)));
  if (!date.ok() || *h > 23 || *m > 59 || *s > 59) return std::nullopt;
  return chrono::sys_days(date) + chrono::hours(*h) + chrono::minutes(*m) + chrono::seconds(*s);
}

bool has_form(std::string_view text, std::string_view form) {
  return text.size() == form.size() && std::ranges::equal(text, form, [](char c, char wanted) {
           return wanted == '*' || c == wanted;
         });
}

std::optional<int> month_of(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kMonths{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::ranges::find(kMonths, name);
  if (found == kMonths.end()) return std::nullopt;
  return static_cast<int>(found - kMonths.begin()) + 1;
}

}  // namespace

std::optional<TimePoint> parse_signature_date(std::string_view text) {
  if (has_form(text, "********T******Z"))
    return time_of(text.substr(0, 4), number(text.substr(4, 2)), text.substr(6, 2),
                   text.substr(9, 2), text.substr(11, 2), text.substr(13, 2));
  if (has_form(text, "***, ** *** **** **:**:** GMT"))
    return time_of(text.substr(12, 4), month_of(text.substr(8, 3)), text.substr(5, 2),
                   text.substr(17, 2), text.substr(20, 2), text.substr(23, 2));
  return std::nullopt;
}

std::string format_basic(TimePoint time) {
  const auto day = chrono::floor<chrono::days>(time);
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss clock(chrono::floor<chrono::seconds>(time - day));
  char text[64];
  std::snprintf(text, sizeof text, "%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

}  // namespace hydrant::aws
