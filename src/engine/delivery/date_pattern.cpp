#include "engine/delivery/date_pattern.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>

namespace hydrant::delivery {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                    "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 4> kQuarters{"1st quarter", "2nd quarter", "3rd quarter",
                                                    "4th quarter"};

// An instant, taken apart.
struct Fields {
  std::int64_t year, month, day, day_of_year, weekday;  // weekday: Sunday is 0
  std::int64_t week_year, week, week_of_month;
  std::int64_t hour, minute, second, nano;
  std::int64_t modified_julian_day, nano_of_day;

  explicit Fields(TimePoint time) {
    using namespace std::chrono;
    const sys_days today = floor<days>(time);
    const year_month_day date(today);
    year = int(date.year());
    month = unsigned(date.month());
    day = unsigned(date.day());
    day_of_year = day_number(today);
    weekday = std::chrono::weekday(today).c_encoding();
    // A week belongs to the year that its Saturday is in.
    const sys_days saturday = today + days(6 - weekday);
    week_year = int(year_month_day(saturday).year());
    week = (day_number(saturday) - 1) / 7 + 1;
    const sys_days first = today - days(day - 1);
    week_of_month = (day - 1 + std::chrono::weekday(first).c_encoding()) / 7 + 1;

    constexpr std::int64_t kEpochDay = 40587;  // 1970-01-01 as a modified Julian day
    modified_julian_day = today.time_since_epoch().count() + kEpochDay;
    nano_of_day = nanoseconds(time - today).count();
    nano = nano_of_day % 1'000'000'000;
    const std::int64_t second_of_day = nano_of_day / 1'000'000'000;
    hour = second_of_day / 3600;
    minute = second_of_day / 60 % 60;
    second = second_of_day % 60;
  }

 private:
  static std::int64_t day_number(std::chrono::sys_days day) {
    const std::chrono::year_month_day date(day);
    return (day - std::chrono::sys_days(date.year() / std::chrono::January / 1)).count() + 1;
  }
};

std::string padded(std::int64_t value, std::size_t width) {
  std::string digits = std::to_string(value);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return digits;
}

using Text = std::optional<std::string>;  // none: not a valid count of this letter

// A number, of at most `count_max` letters, padded to their count.
Text number(std::int64_t value, std::size_t count, std::size_t count_max) {
  if (count > count_max) return std::nullopt;
  return padded(value, count);
}

constexpr std::size_t kAnyCount = std::numeric_limits<std::size_t>::max();

Text year_text(std::int64_t year, std::size_t count, std::size_t count_max) {
  if (count == 2) return padded(year % 100, 2);
  if (count > 10 && count < 19) return std::nullopt;  // java.time fails when it formats them
  return number(year, count, count_max);
}

// Three letters are short, four are long, five are the first character.
Text name(std::string_view full, std::size_t count) {
  if (count == 4) return std::string(full);
  if (count == 5) return std::string(full.substr(0, 1));
  return count <= 3 ? Text(std::string(full.substr(0, 3))) : std::nullopt;
}

Text quarter_text(std::int64_t quarter, std::size_t count) {
  if (count <= 2) return padded(quarter, count);
  if (count == 3) return "Q" + std::to_string(quarter);
  if (count == 4) return std::string(kQuarters[static_cast<std::size_t>(quarter - 1)]);
  return count == 5 ? Text(std::to_string(quarter)) : std::nullopt;
}

Text era_text(std::size_t count) {
  if (count == 4) return "Anno Domini";
  if (count == 5) return "A";
  return count <= 3 ? Text("AD") : std::nullopt;
}

Text day_period(const Fields& at, std::size_t count) {
  if (count != 1 && count != 4 && count != 5) return std::nullopt;
  if (at.minute == 0 && at.hour == 0) return count == 5 ? "mi" : "midnight";
  if (at.minute == 0 && at.hour == 12) return count == 5 ? "n" : "noon";
  if (at.hour < 6 || at.hour >= 21) return "at night";
  if (at.hour < 12) return "in the morning";
  return at.hour < 18 ? "in the afternoon" : "in the evening";
}

// How an offset is written: +HH, +HHmm, +HH:MM:ss ...
struct OffsetForm {
  bool minutes_always, seconds_if_any, colons;
};

std::string offset_text(std::int64_t offset_s, const OffsetForm& form, std::string_view zero) {
  if (offset_s == 0) return std::string(zero);
  const std::int64_t size_s = std::abs(offset_s);
  const std::string between = form.colons ? ":" : "";
  std::string text = (offset_s < 0 ? "-" : "+") + padded(size_s / 3600, 2);
  if (form.minutes_always || size_s / 60 % 60 != 0) text += between + padded(size_s / 60 % 60, 2);
  if (form.seconds_if_any && size_s % 60 != 0) text += between + padded(size_s % 60, 2);
  return text;
}

// "GMT+9", in full "GMT+09:00".
std::string gmt_text(std::int64_t offset_s, bool in_full) {
  if (offset_s == 0) return "GMT";
  const std::int64_t size_s = std::abs(offset_s), minutes = size_s / 60 % 60, rest = size_s % 60;
  std::string text = offset_s < 0 ? "GMT-" : "GMT+";
  text += padded(size_s / 3600, in_full ? 2 : 1);
  if (in_full || minutes != 0 || rest != 0) text += ":" + padded(minutes, 2);
  if (rest != 0) text += ":" + padded(rest, 2);
  return text;
}

// X, or x with another text for no offset at all.
Text iso_offset_text(std::int64_t offset_s, std::size_t count, std::string_view zero) {
  if (count > 5) return std::nullopt;
  return offset_text(offset_s,
                     {.minutes_always = count > 1,
                      .seconds_if_any = count > 3,
                      .colons = count == 3 || count == 5},
                     zero);
}

struct Moment {
  TimePoint time;
  const TimeZone& zone;
};

Text zone_text(char letter, std::size_t count, const Moment& at) {
  const std::int64_t offset_s = at.zone.offset(at.time).count();
  switch (letter) {
    case 'z':
      return count <= 4 ? Text(at.zone.name_at(at.time, count == 4)) : std::nullopt;
    case 'v':
      return count == 1 || count == 4 ? Text(at.zone.generic_name(count == 4)) : std::nullopt;
    case 'V':
      return count == 2 ? Text(at.zone.name()) : std::nullopt;
    case 'O':
      return count == 1 || count == 4 ? Text(gmt_text(offset_s, count == 4)) : std::nullopt;
    case 'X':
      return iso_offset_text(offset_s, count, "Z");
    case 'x':
      return iso_offset_text(offset_s, count,
                             count == 1       ? "+00"
                             : count % 2 == 0 ? "+0000"
                                              : "+00:00");
    default:  // Z
      if (count <= 3) return offset_text(offset_s, {true, false, false}, "+0000");
      if (count == 4) return gmt_text(offset_s, true);
      return count == 5 ? Text(offset_text(offset_s, {true, true, true}, "Z")) : std::nullopt;
  }
}

Text date_text(char letter, std::size_t count, const Fields& at) {
  const auto month = static_cast<std::size_t>(at.month - 1);
  const std::string_view weekday = kWeekdays[static_cast<std::size_t>(at.weekday)];
  switch (letter) {
    case 'u':
    case 'y':
      return year_text(at.year, count, 19);
    case 'Y':
      return year_text(at.week_year, count, kAnyCount);
    case 'M':
    case 'L':
      return count <= 2 ? padded(at.month, count) : name(kMonths[month], count);
    case 'Q':
    case 'q':
      return quarter_text((at.month + 2) / 3, count);
    case 'd':
      return number(at.day, count, 2);
    case 'D':
      return number(at.day_of_year, count, 3);
    case 'E':
      return name(weekday, count);
    case 'e':
      return count <= 2 ? padded(at.weekday + 1, count) : name(weekday, count);
    case 'c':
      if (count == 2) return std::nullopt;
      return count == 1 ? padded(at.weekday + 1, 1) : name(weekday, count);
    case 'F':
      return number((at.day - 1) % 7 + 1, count, 1);  // until JDK 18; then the week
    case 'W':
      return number(at.week_of_month, count, 1);
    case 'w':
      return number(at.week, count, 2);
    case 'g':
      return number(at.modified_julian_day, count, 19);
    case 'G':
      return era_text(count);
    default:
      return std::nullopt;
  }
}

Text time_text(char letter, std::size_t count, const Fields& at) {
  switch (letter) {
    case 'a':
      return count == 1 ? Text(at.hour < 12 ? "AM" : "PM") : std::nullopt;
    case 'B':
      return day_period(at, count);
    case 'H':
      return number(at.hour, count, 2);
    case 'k':
      return number(at.hour == 0 ? 24 : at.hour, count, 2);
    case 'K':
      return number(at.hour % 12, count, 2);
    case 'h':
      return number(at.hour % 12 == 0 ? 12 : at.hour % 12, count, 2);
    case 'm':
      return number(at.minute, count, 2);
    case 's':
      return number(at.second, count, 2);
    case 'S':
      return count <= 9 ? Text(padded(at.nano, 9).substr(0, count)) : std::nullopt;
    case 'A':
      return number(at.nano_of_day / 1'000'000, count, 19);
    case 'n':
      return number(at.nano, count, 19);
    case 'N':
      return number(at.nano_of_day, count, 19);
    default:
      return std::nullopt;
  }
}

Text field_text(char letter, std::size_t count, const Fields& fields, const Moment& at) {
  if (std::string_view("zvVOXxZ").find(letter) != std::string_view::npos)
    return zone_text(letter, count, at);
  if (auto text = date_text(letter, count, fields)) return text;
  return time_text(letter, count, fields);
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// What java.time does with text that is too wide for the field that it is padded to.
enum class TooWide { throws, is_written };

// Reads a pattern from left to right.
class Formatter {
 public:
  Formatter(std::string_view pattern, const Moment& at, TooWide too_wide)
      : pattern_(pattern),
        moment_(at),
        fields_(at.time + at.zone.offset(at.time)),
        too_wide_(too_wide) {}

  Text format() {
    while (at_ < pattern_.size()) {
      const char c = pattern_[at_];
      const bool taken = is_letter(c) ? letters() : c == '\'' ? quoted() : literal(c);
      if (!taken) return std::nullopt;
    }
    return std::move(text_);
  }

 private:
  std::size_t run() {
    const std::size_t begin = at_;
    while (at_ < pattern_.size() && pattern_[at_] == pattern_[begin]) ++at_;
    return at_ - begin;
  }

  // "ppH" is the hour in a field two characters wide.
  bool letters() {
    std::size_t width = 0;
    if (pattern_[at_] == 'p') {
      width = run();
      if (at_ == pattern_.size() || !is_letter(pattern_[at_])) return false;
    }
    const char letter = pattern_[at_];
    const auto text = field_text(letter, run(), fields_, moment_);
    if (!text) return false;
    if (width != 0 && text->size() > width && too_wide_ == TooWide::throws) return false;
    if (text->size() < width) text_.append(width - text->size(), ' ');
    text_ += *text;
    return true;
  }

  // A quote within quotes is doubled, wherever it stands; with nothing between them two quotes are
  // one.
  bool quoted() {
    const std::size_t begin = ++at_;
    for (; at_ < pattern_.size(); ++at_) {
      if (pattern_[at_] != '\'') {
        text_.push_back(pattern_[at_]);
        continue;
      }
      const bool doubled = at_ + 1 < pattern_.size() && pattern_[at_ + 1] == '\'';
      if (!doubled) {
        if (at_ == begin) text_.push_back('\'');
        ++at_;
        return true;
      }
      text_.push_back('\'');
      ++at_;
    }
    return false;
  }

  // Sections in brackets are optional where a field may be unknown; here all are known.
  bool literal(char c) {
    ++at_;
    if (c == '[') return ++open_sections_, true;
    if (c == ']') return open_sections_-- > 0;
    if (c == '{' || c == '}' || c == '#') return false;
    text_.push_back(c);
    return true;
  }

  const std::string_view pattern_;
  const Moment moment_;
  const Fields fields_;
  const TooWide too_wide_;
  std::size_t at_ = 0;
  int open_sections_ = 0;
  std::string text_;
};

}  // namespace

// A pattern that java.time would sometimes choke on is refused, since the time to choke is not when
// an object is to be named. The instants have the widest of all fields between them: a Wednesday in
// September and in the afternoon, a two-digit month and a two-digit hour of twelve.
bool valid_date_pattern(std::string_view pattern) {
  using namespace std::chrono;
  constexpr TimePoint kWidest[] = {
      sys_days(year(2026) / September / 30) + hours(14) + minutes(59) + microseconds(59'999'999),
      sys_days(year(2026) / December / 30) + hours(23) + minutes(59) + microseconds(59'999'999)};
  const TimeZone utc = TimeZone::utc();
  return std::ranges::all_of(kWidest, [&](TimePoint time) {
    return Formatter(pattern, {time, utc}, TooWide::throws).format().has_value();
  });
}

std::string format_date(std::string_view pattern, TimePoint time, const TimeZone& zone) {
  auto text = Formatter(pattern, {time, zone}, TooWide::is_written).format();
  return text ? std::move(*text) : std::string(pattern);
}

}  // namespace hydrant::delivery
