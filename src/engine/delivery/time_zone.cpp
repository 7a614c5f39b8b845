#include "engine/delivery/time_zone.h"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

#include "engine/delivery/zone_names.h"

namespace hydrant::delivery {
namespace {

using std::chrono::floor;
using std::chrono::seconds;

struct Renamed {
  std::string_view then, today;
};

// Systems may leave the old names out: Debian and Ubuntu have them in a package of their own.
constexpr Renamed kRenamed[] = {
    {"Africa/Asmera", "Africa/Nairobi"},
    {"Africa/Timbuktu", "Africa/Abidjan"},
    {"America/Buenos_Aires", "America/Argentina/Buenos_Aires"},
    {"America/Godthab", "America/Nuuk"},
    {"America/Indianapolis", "America/Indiana/Indianapolis"},
    {"America/Montreal", "America/Toronto"},
    {"America/Porto_Acre", "America/Rio_Branco"},
    {"Asia/Ashkhabad", "Asia/Ashgabat"},
    {"Asia/Calcutta", "Asia/Kolkata"},
    {"Asia/Dacca", "Asia/Dhaka"},
    {"Asia/Katmandu", "Asia/Kathmandu"},
    {"Asia/Macao", "Asia/Macau"},
    {"Asia/Rangoon", "Asia/Yangon"},
    {"Asia/Saigon", "Asia/Ho_Chi_Minh"},
    {"Asia/Thimbu", "Asia/Thimphu"},
    {"Asia/Ujung_Pandang", "Asia/Makassar"},
    {"Asia/Ulan_Bator", "Asia/Ulaanbaatar"},
    {"Atlantic/Faeroe", "Atlantic/Faroe"},
    {"Atlantic/Jan_Mayen", "Europe/Berlin"},
    {"Europe/Kiev", "Europe/Kyiv"},
    {"Pacific/Enderbury", "Pacific/Kanton"},
    {"Pacific/Ponape", "Pacific/Guadalcanal"},
    {"Pacific/Truk", "Pacific/Port_Moresby"},
};

// Null if there is no such zone or no database: the library throws for both.
const date::time_zone* locate(std::string_view name) {
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

// The database flags the winter of Ireland and the Ramadan of Morocco, whose clocks then go back
// from a standard time that is ahead. java.time sees it the other way round, as everywhere else:
// it is daylight saving when the clocks are ahead.
bool is_daylight_saving(const date::time_zone& zone, const date::sys_info& info) {
  const bool flagged = info.save != std::chrono::minutes(0);
  if (info.end >= date::sys_days(date::year::max() / 1 / 1)) return flagged;
  const auto next = zone.get_info(info.end);
  const bool next_flagged = next.save != std::chrono::minutes(0);
  if (next_flagged == flagged || next.offset == info.offset) return flagged;
  return info.offset > next.offset;
}

}  // namespace

struct TimeZone::Data {
  std::string name;
  const date::time_zone* zone = nullptr;  // null: UTC, which needs no database
  std::optional<ZoneNames> names;
};

std::optional<TimeZone> TimeZone::find(std::string_view iana_name) {
  if (iana_name == "UTC") return utc();
  const auto* zone = locate(iana_name);
  if (zone == nullptr) zone = locate(zone_name_of_today(iana_name));
  if (zone == nullptr) return std::nullopt;
  return TimeZone(
      std::make_shared<const Data>(Data{std::string(iana_name), zone, find_zone_names(iana_name)}));
}

TimeZone TimeZone::utc() {
  return TimeZone(std::make_shared<const Data>(Data{"UTC", nullptr, find_zone_names("UTC")}));
}

bool TimeZone::is_database_present() { return locate("Europe/London") != nullptr; }

const std::string& TimeZone::name() const { return data_->name; }

seconds TimeZone::offset(TimePoint time) const {
  if (data_->zone == nullptr) return {};
  return data_->zone->get_info(floor<seconds>(time)).offset;
}

std::string TimeZone::name_at(TimePoint time, bool in_full) const {
  if (data_->zone == nullptr) return generic_name(in_full);
  const auto info = data_->zone->get_info(floor<seconds>(time));
  if (!data_->names) return in_full ? data_->name : info.abbrev;
  const auto& names = in_full ? data_->names->full : data_->names->brief;
  return std::string(is_daylight_saving(*data_->zone, info) ? names.daylight : names.standard);
}

std::string TimeZone::generic_name(bool in_full) const {
  if (!data_->names) return data_->name;
  return std::string((in_full ? data_->names->full : data_->names->brief).generic);
}

std::string_view zone_name_of_today(std::string_view iana_name) {
  const auto found = std::ranges::find(kRenamed, iana_name, &Renamed::then);
  return found == std::end(kRenamed) ? iana_name : found->today;
}

}  // namespace hydrant::delivery
