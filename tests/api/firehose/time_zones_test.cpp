// Whatever zone CustomTimeZone takes, objects can be named in it.
#include "services/firehose/time_zones.h"

#include <gtest/gtest.h>

#include "engine/delivery/time_zone.h"
#include "engine/delivery/zone_names.h"

namespace hydrant::firehose {
namespace {

using delivery::TimeZone;

TEST(TimeZonesTest, EveryOneIsInTheDatabase) {
  EXPECT_EQ(supported_time_zones().size(), 295u);
  for (const auto& name : supported_time_zones()) EXPECT_TRUE(TimeZone::find(name)) << name;
}

TEST(TimeZonesTest, EveryOneIsThereWhereOldNamesAreNot) {
  for (const auto& name : supported_time_zones()) {
    const auto then = TimeZone::find(name);
    const auto today = TimeZone::find(delivery::zone_name_of_today(name));
    ASSERT_TRUE(then && today) << name;
    for (const int month : {1, 7}) {
      const TimePoint time = std::chrono::sys_days(std::chrono::year(2026) / month / 1);
      EXPECT_EQ(then->offset(time), today->offset(time)) << name;
    }
  }
}

TEST(TimeZonesTest, EveryOneHasItsNamesInEnglish) {
  for (const auto& name : supported_time_zones())
    EXPECT_TRUE(delivery::find_zone_names(name)) << name;
}

TEST(TimeZonesTest, EveryOneIsSupported) {
  for (const auto& name : supported_time_zones()) EXPECT_TRUE(is_supported_time_zone(name)) << name;
}

}  // namespace
}  // namespace hydrant::firehose
