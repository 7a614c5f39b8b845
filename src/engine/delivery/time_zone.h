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
  // "Asia/Seoul". A name of long ago that the system's database has dropped is found under the one
  // it has today. None: no such zone, or the machine has no database (is_database_present() tells
  // which). "UTC" needs no database.
  static std::optional<TimeZone> find(std::string_view iana_name);
  static TimeZone utc();
  static bool is_database_present();

  const std::string& name() const;  // as it was asked for

  // What its clocks show at an instant.
  std::chrono::seconds offset(TimePoint time) const;  // east of UTC
  // As java.time names it in English: "PDT", or in full "Pacific Daylight Time". A zone that
  // CustomTimeZone does not take goes by the database's abbreviation, and in full by its own name.
  std::string name_at(TimePoint time, bool in_full) const;
  std::string generic_name(bool in_full) const;  // "PT", "Pacific Time": all the year round

 private:
  struct Data;
  explicit TimeZone(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;
};

// Today's name of a zone that has been renamed since CustomTimeZone got its list ("Asia/Calcutta":
// "Asia/Kolkata"); any other name as it is.
std::string_view zone_name_of_today(std::string_view iana_name);

}  // namespace hydrant::delivery
