#include "engine/delivery/plan.h"

#include <utility>
#include <variant>

namespace hydrant::delivery {
namespace {

// A configuration is checked before it comes here; a zone that the machine has lost since is UTC.
TimeZone zone_of(const S3Settings& s3) {
  const auto zone = TimeZone::find(s3.custom_time_zone);
  return zone ? *zone : TimeZone::utc();
}

std::shared_ptr<const Query> query_of(const ProcessingSettings& processing) {
  if (!processing.metadata_extraction_query) return nullptr;
  return Query::compile(*processing.metadata_extraction_query).query;
}

}  // namespace

Plan::Plan(const DeliveryStreamSettings& settings_in, std::uint32_t version_in)
    : settings(settings_in),
      version(version_in),
      prefix(settings_in.s3.prefix),
      error_prefix(settings_in.s3.error_output_prefix),
      backup_prefix(settings_in.s3.backup ? settings_in.s3.backup->prefix : ""),
      zone(zone_of(settings_in.s3)),
      query(query_of(settings_in.s3.processing)) {}

bool Plan::has_intake() const {
  const ProcessingSettings& does = processing();
  return does.decompression || does.cloud_watch_log_messages || does.de_aggregation ||
         (has_partitions() && !has_lambda());
}

}  // namespace hydrant::delivery
