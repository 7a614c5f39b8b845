#include "engine/delivery/time_zone.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace hydrant::delivery {
namespace {

using namespace std::chrono_literals;

TimePoint at(int year, unsigned month, unsigned day, Duration since_midnight = 0s) {
  return std::chrono::sys_days(std::chrono::year(year) / month / day) + since_midnight;
}

TEST(TimeZoneTest, ZonesAreFoundByTheirNames) {
  ASSERT_TRUE(TimeZone::is_database_present());
  EXPECT_EQ(TimeZone::find("Asia/Seoul")->offset(at(2026, 1, 1)), 9h);
  EXPECT_EQ(TimeZone::find("Asia/Seoul")->name(), "Asia/Seoul");
  EXPECT_EQ(TimeZone::find("Mars/Olympus_Mons"), std::nullopt);
  EXPECT_EQ(TimeZone::find(""), std::nullopt);
}

TEST(TimeZoneTest, UtcIsAlwaysThere) {
  EXPECT_EQ(TimeZone::utc().offset(at(2026, 1, 1)), 0s);
  EXPECT_EQ(TimeZone::find("UTC")->name_at(at(2026, 1, 1), false), "UTC");
}

TEST(TimeZoneTest, ClocksChangeToTheSecond) {
  const auto zone = TimeZone::find("America/New_York");
  EXPECT_EQ(zone->offset(at(2026, 3, 8, 7h - 1us)), -5h);
  EXPECT_EQ(zone->offset(at(2026, 3, 8, 7h)), -4h);
  EXPECT_EQ(zone->offset(at(2026, 11, 1, 6h - 1us)), -4h);
  EXPECT_EQ(zone->offset(at(2026, 11, 1, 6h)), -5h);
}

// The database flags their winter, not their summer.
TEST(TimeZoneTest, DaylightSavingIsWhenClocksAreAhead) {
  const auto dublin = TimeZone::find("Europe/Dublin");
  EXPECT_EQ(dublin->name_at(at(2025, 1, 1), false), "GMT");
  EXPECT_EQ(dublin->name_at(at(2025, 7, 1), false), "IST");
  EXPECT_EQ(TimeZone::find("Africa/Casablanca")->name_at(at(2024, 3, 20), false), "WET");
  EXPECT_EQ(TimeZone::find("Africa/Casablanca")->name_at(at(2024, 7, 1), false), "WEST");
  EXPECT_EQ(TimeZone::find("America/New_York")->name_at(at(2025, 1, 1), false), "EST");
  EXPECT_EQ(TimeZone::find("America/New_York")->name_at(at(2025, 7, 1), false), "EDT");
}

TEST(TimeZoneTest, ManyThreadsMayAskAtOnce) {
  const auto zone = TimeZone::find("Europe/Berlin");
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&zone] {
      for (int day = 0; day < 200; ++day) {
        EXPECT_EQ(zone->offset(at(2025, 7, 1)), 2h);
        EXPECT_TRUE(TimeZone::find("Pacific/Chatham"));
      }
    });
  }
}

struct Renaming {
  const char *then, *today;
};
class RenamedZoneTest : public ::testing::TestWithParam<Renaming> {};

TEST_P(RenamedZoneTest, ShowsTheTimeOfTodaysName) {
  const auto& [then, today] = GetParam();
  EXPECT_EQ(zone_name_of_today(then), today);
  const auto old_zone = TimeZone::find(then), zone = TimeZone::find(today);
  ASSERT_TRUE(old_zone && zone);
  EXPECT_EQ(old_zone->name(), then);
  for (const auto month : {1u, 7u}) {
    EXPECT_EQ(old_zone->offset(at(2026, month, 1)), zone->offset(at(2026, month, 1)));
  }
}

INSTANTIATE_TEST_SUITE_P(Zones, RenamedZoneTest,
                         ::testing::Values(Renaming{"Asia/Calcutta", "Asia/Kolkata"},
                                           Renaming{"Europe/Kiev", "Europe/Kyiv"},
                                           Renaming{"America/Buenos_Aires",
                                                    "America/Argentina/Buenos_Aires"},
                                           Renaming{"Africa/Timbuktu", "Africa/Abidjan"},
                                           Renaming{"Pacific/Enderbury", "Pacific/Kanton"},
                                           Renaming{"Asia/Seoul", "Asia/Seoul"}));

}  // namespace
}  // namespace hydrant::delivery
