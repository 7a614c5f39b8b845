// The time zones that prefixes and names of objects are written in (CustomTimeZone).
#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"

namespace hydrant::delivery {

// A zone of the system's time zone database. A cheap value, safe to use from any thread.
class TimeZone {
 public:
  // "Asia/Seoul"; names of long ago ("Asia/Calcutta", "Europe/Kiev") that the system's database
  // has dropped stand for those of today. None: no such zone, or the machine has no database
  // (is_database_present() tells which). "UTC" is there without one.
  static std::optional<TimeZone> find(std::string_view iana_name);
  static TimeZone utc();
  // Whether the machine has zone data at all.
  static bool is_database_present();

  const std::string& name() const;  // as it was asked for

  // What holds in the zone at an instant.
  struct Local {
    std::chrono::seconds offset{0};  // east of UTC
    bool is_daylight_saving = false;
  };
  Local at(TimePoint time) const;

 private:
  struct Data;
  explicit TimeZone(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;
};

}  // namespace hydrant::delivery
