#include "engine/delivery/date_pattern.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace hydrant::delivery {
namespace {

using namespace std::chrono_literals;

// A Monday.
const TimePoint kAugust =
    std::chrono::sys_days(std::chrono::year(2018) / 8 / 27) + 13h + 5min + 9s + 123456us;

std::string on(int year, unsigned month, unsigned day, std::string_view pattern) {
  return format_date(pattern, std::chrono::sys_days(std::chrono::year(year) / month / day),
                     TimeZone::utc());
}

struct Case {
  const char* pattern;
  const char* text;
};
class DatePatternTest : public ::testing::TestWithParam<Case> {};

TEST_P(DatePatternTest, IsFormattedAsJavaDoes) {
  ASSERT_TRUE(valid_date_pattern(GetParam().pattern)) << GetParam().pattern;
  EXPECT_EQ(format_date(GetParam().pattern, kAugust, TimeZone::utc()), GetParam().text)
      << GetParam().pattern;
}

INSTANTIATE_TEST_SUITE_P(
    Dates, DatePatternTest,
    ::testing::Values(Case{"yyyy/MM/dd/HH/", "2018/08/27/13/"}, Case{"y", "2018"}, Case{"yy", "18"},
                      Case{"yyyyy", "02018"}, Case{"uuuu", "2018"}, Case{"Y", "2018"},
                      Case{"YY", "18"}, Case{"M", "8"}, Case{"MM", "08"}, Case{"MMM", "Aug"},
                      Case{"MMMM", "August"}, Case{"MMMMM", "A"}, Case{"L", "8"},
                      Case{"LLLL", "August"}, Case{"Q", "3"}, Case{"QQ", "03"}, Case{"QQQ", "Q3"},
                      Case{"QQQQ", "3rd quarter"}, Case{"q", "3"}, Case{"d", "27"},
                      Case{"D", "239"}, Case{"DDD", "239"}, Case{"E", "Mon"},
                      Case{"EEEE", "Monday"}, Case{"EEEEE", "M"}, Case{"e", "2"}, Case{"ee", "02"},
                      Case{"eeee", "Monday"}, Case{"c", "2"}, Case{"ccc", "Mon"}, Case{"F", "6"},
                      Case{"w", "35"}, Case{"W", "5"}, Case{"G", "AD"}, Case{"GGGG", "Anno Domini"},
                      Case{"g", "58357"}));

INSTANTIATE_TEST_SUITE_P(Times, DatePatternTest,
                         ::testing::Values(Case{"a", "PM"}, Case{"H", "13"}, Case{"k", "13"},
                                           Case{"K", "1"}, Case{"h", "1"}, Case{"hh", "01"},
                                           Case{"m", "5"}, Case{"mm", "05"}, Case{"s", "9"},
                                           Case{"ss", "09"}, Case{"S", "1"}, Case{"SSS", "123"},
                                           Case{"SSSSSSSSS", "123456000"}, Case{"A", "47109123"},
                                           Case{"n", "123456000"}, Case{"N", "47109123456000"},
                                           Case{"B", "in the afternoon"}));

INSTANTIATE_TEST_SUITE_P(Zones, DatePatternTest,
                         ::testing::Values(Case{"X", "Z"},
                                           Case{"XX"
                                                "X",
                                                "Z"},
                                           Case{"x", "+00"}, Case{"xx", "+0000"},
                                           Case{"xxx", "+00:00"}, Case{"Z", "+0000"},
                                           Case{"ZZZZ", "GMT"}, Case{"ZZZZZ", "Z"},
                                           Case{"z", "UTC"},
                                           Case{"zzzz", "Coordinated Universal Time"},
                                           Case{"VV", "UTC"}, Case{"v", "UTC"}, Case{"O", "GMT"}));

INSTANTIATE_TEST_SUITE_P(Literals, DatePatternTest,
                         ::testing::Values(Case{"'year='yyyy", "year=2018"},
                                           Case{"yyyy''MM", "2018'08"}, Case{"'it''s'", "it's"},
                                           Case{"yyyy-MM-dd'T'HH:mm:ss", "2018-08-27T13:05:09"},
                                           Case{"ppppd", "  27"}, Case{"yyyy[MM]", "201808"},
                                           Case{"", ""}, Case{"12/34 _", "12/34 _"}));

// Each by JDK 17.
INSTANTIATE_TEST_SUITE_P(Quotes, DatePatternTest,
                         ::testing::Values(Case{"''", "'"}, Case{"''''", "'"}, Case{"''''''", "''"},
                                           Case{"''''''''", "'''"}, Case{"'a''b'", "a'b"},
                                           Case{"yy''", "18'"}, Case{"''yy", "'18"},
                                           Case{"'''yy'", "'yy"}, Case{"'yy'''", "yy'"},
                                           Case{"''''yy", "'18"}, Case{"yy''''", "18'"},
                                           Case{"yy'T'''HH", "18T'13"}, Case{"'''a'''", "'a'"},
                                           Case{"''a''", "'PM'"}, Case{"yy''''''MM", "18''08"},
                                           Case{"'a'MM'b'", "a08b"}, Case{"'yy' 'MM'", "yy MM"},
                                           Case{"''''''yy''", "''18'"}));

class BadDatePatternTest : public ::testing::TestWithParam<const char*> {};

TEST_P(BadDatePatternTest, IsRefused) { EXPECT_FALSE(valid_date_pattern(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Patterns, BadDatePatternTest,
                         ::testing::Values("'open", "{", "}", "#", "]", "ddd", "DDDD", "HHH", "aa",
                                           "cc", "MMMMMM", "SSSSSSSSSS", "www", "WW", "p", "zzzzz",
                                           "V", "VVV", "vv", "OO", "XXXXXX", "ZZZZZZ", "BB", "FF"));

INSTANTIATE_TEST_SUITE_P(Quotes, BadDatePatternTest,
                         ::testing::Values("'''", "'''''", "'''''''", "a''b", "'a'''b'",
                                           "'a'''''b'", "'a''", "'''a", "yy'"));

// Measured on the service, letter by letter. V and p are refused alone but have valid combinations.
TEST(DatePatternLetterTest, SingleLettersAreTakenAsTheServiceTakesThem) {
  const std::string accepted = "ABDEFGHKLMNOQSWXYZacdeghkmnqsuvwxyz";
  for (char c = 'A'; c <= 'z'; ++c) {
    if (c > 'Z' && c < 'a') continue;
    EXPECT_EQ(valid_date_pattern(std::string(1, c)), accepted.find(c) != std::string::npos) << c;
  }
}

// java.time takes these patterns, but would fail at some of the times that they are to show.
INSTANTIATE_TEST_SUITE_P(Choking, BadDatePatternTest,
                         ::testing::Values("pM", "pd", "ph", "pppN", "ppppppppMMMM", "yyyyyyyyyyy",
                                           "uuuuuuuuuuuuuuuuuu", "YYYYYYYYYYYY",
                                           "yyyyyyyyyyyyyyyyyyyy"));

INSTANTIATE_TEST_SUITE_P(ManyLetters, DatePatternTest,
                         ::testing::Values(Case{"yyyyyyyyyy", "0000002018"},
                                           Case{"uuuuuuuuuuuuuuuuuuu", "0000000000000002018"},
                                           Case{"YYYYYYYYYYYYYYYYYYYY", "00000000000000002018"},
                                           Case{"AAAAAAAAAAAAAAAAAAA", "0000000000047109123"},
                                           Case{"gggggggg", "00058357"}, Case{"qqqqq", "3"},
                                           Case{"eeeee", "M"}, Case{"LLLLL", "A"},
                                           Case{"GGGGG", "A"}, Case{"BBBBB", "in the afternoon"},
                                           Case{"pppppppppMMMM", "   August"}));

// Weeks begin on Sunday, and the one that holds the first of January is the first of its year.
TEST(WeekYearTest, TurnsBeforeTheCalendarDoes) {
  EXPECT_EQ(on(2025, 12, 27, "YYYY-ww"), "2025-52");
  EXPECT_EQ(on(2025, 12, 28, "YYYY-ww"), "2026-01");
  EXPECT_EQ(on(2026, 1, 1, "YYYY-ww"), "2026-01");
  EXPECT_EQ(on(2026, 1, 4, "YYYY-ww"), "2026-02");
  EXPECT_EQ(on(2025, 12, 28, "yyyy"), "2025");
}

TEST(HourTest, MidnightAndNoonHaveManyNames) {
  EXPECT_EQ(on(2026, 1, 1, "H k K h a B"), "0 24 0 12 AM midnight");
  const TimePoint noon = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1) + 12h;
  EXPECT_EQ(format_date("H k K h a B", noon, TimeZone::utc()), "12 12 0 12 PM noon");
}

struct ZoneCase {
  const char* zone;
  const char* pattern;
  const char* text;
};
class ZonedDatePatternTest : public ::testing::TestWithParam<ZoneCase> {};

TEST_P(ZonedDatePatternTest, IsFormattedAsJavaDoes) {
  const auto zone = TimeZone::find(GetParam().zone);
  ASSERT_TRUE(zone) << GetParam().zone;
  EXPECT_EQ(format_date(GetParam().pattern, kAugust, *zone), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Offsets, ZonedDatePatternTest,
    ::testing::Values(
        ZoneCase{"Asia/Seoul", "X XX", "+09 +0900"},
        ZoneCase{"Asia/Seoul", "x xx xxx xxxx xxxxx", "+09 +0900 +09:00 +0900 +09:00"},
        ZoneCase{"Asia/Seoul", "Z ZZZ ZZZZ ZZZZZ", "+0900 +0900 GMT+09:00 +09:00"},
        ZoneCase{"Asia/Seoul", "O OOOO", "GMT+9 GMT+09:00"},
        ZoneCase{"Asia/Calcutta", "X x Z O OOOO",
                 "+0530 +0530 +0530 GMT+5:30 "
                 "GMT+05:30"},
        ZoneCase{"America/St_Johns", "X ZZZZZ O", "-0230 -02:30 GMT-2:30"},
        ZoneCase{"Africa/Abidjan", "X x xxx Z ZZZZ O", "Z +00 +00:00 +0000 GMT GMT"}));

INSTANTIATE_TEST_SUITE_P(
    Names, ZonedDatePatternTest,
    ::testing::Values(ZoneCase{"Asia/Seoul", "z v VV", "KST KT Asia/Seoul"},
                      ZoneCase{"America/Los_Angeles", "zzz v", "PDT PT"},
                      ZoneCase{"America/Los_Angeles", "zzzz", "Pacific Daylight Time"},
                      ZoneCase{"America/Los_Angeles", "vvvv", "Pacific Time"},
                      ZoneCase{"Asia/Calcutta", "z zzzz VV",
                               "IST India Standard Time "
                               "Asia/Calcutta"},
                      ZoneCase{"Europe/Dublin", "z zzzz", "IST Irish Standard Time"},
                      ZoneCase{"Asia/Tashkent", "z", "UZT"},
                      ZoneCase{"Asia/Kolkata", "z zzzz", "IST Asia/Kolkata"}));

INSTANTIATE_TEST_SUITE_P(
    Clocks, ZonedDatePatternTest,
    ::testing::Values(ZoneCase{"Pacific/Kiritimati", "yyyy-MM-dd-HH-mm-ss", "2018-08-28-03-05-09"},
                      ZoneCase{"Pacific/Kiritimati", "E e F D N", "Tue 3 7 240 11109123456000"},
                      ZoneCase{"Pacific/Pago_Pago", "dd HH B", "27 02 at night"},
                      ZoneCase{"Asia/Katmandu", "HH:mm", "18:50"}));

}  // namespace
}  // namespace hydrant::delivery
