#include "engine/delivery/time_zone.h"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

namespace hydrant::delivery {
namespace {

// None if there is no such zone or no database: the library throws for both.
const date::time_zone* locate(std::string_view name) {
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

}  // namespace

struct TimeZone::Data {
  std::string name;
  const date::time_zone* zone = nullptr;  // null: UTC, which needs no database
};

std::optional<TimeZone> TimeZone::find(std::string_view iana_name) {
  if (iana_name == "UTC") return utc();
  const auto* zone = locate(iana_name);
  if (zone == nullptr) return std::nullopt;
  return TimeZone(std::make_shared<const Data>(Data{std::string(iana_name), zone}));
}

TimeZone TimeZone::utc() { return TimeZone(std::make_shared<const Data>(Data{"UTC", nullptr})); }

bool TimeZone::is_database_present() { return locate("Europe/London") != nullptr; }

const std::string& TimeZone::name() const { return data_->name; }

TimeZone::Local TimeZone::at(TimePoint time) const {
  if (data_->zone == nullptr) return {};
  const auto info = data_->zone->get_info(std::chrono::floor<std::chrono::seconds>(time));
  return {info.offset, info.save != std::chrono::minutes(0)};
}

}  // namespace hydrant::delivery
