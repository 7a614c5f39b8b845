#include "services/firehose/s3_destination.h"

#include <vector>

#include "engine/delivery/time_zone.h"
#include "services/firehose/conversion.h"
#include "services/firehose/json_access.h"
#include "services/firehose/partitioning.h"
#include "services/firehose/processing.h"
#include "services/firehose/s3_target.h"
#include "services/firehose/shapes/requests.h"
#include "services/firehose/time_zones.h"

namespace hydrant::firehose {
namespace {

using aws::Error;
using aws::Json;
using aws::Result;
using Text = std::string_view;
using Verdict = std::optional<Error>;

// In the order in which descriptions show them, behind those that every place in S3 has.
constexpr Text kOwnMembers[] = {"ProcessingConfiguration",
                                "S3BackupMode",
                                "S3BackupDescription",
                                "DataFormatConversionConfiguration",
                                "DynamicPartitioningConfiguration",
                                "FileExtension",
                                "CustomTimeZone"};
constexpr Text kPartitioning = "DynamicPartitioningConfiguration";
constexpr int kSizeDefaultLargeMb = 128;
constexpr int kPartitioningRetryDefaultS = 300;

Json in_order(const Json& members) {
  Json description = arranged(members, s3_target_members());
  description.update(arranged(members, kOwnMembers));
  return description;
}

void fill_in(Json& members) {
  const bool large = converts(members) || is_enabled(members, kPartitioning);
  fill_in_s3_target(members, large ? kSizeDefaultLargeMb : kS3SizeDefaultMb);
  set_default(members, "S3BackupMode", "Disabled");
  if (members.contains("S3BackupDescription"))
    fill_in_s3_target(members["S3BackupDescription"], kS3SizeDefaultMb);
  if (members.contains("DataFormatConversionConfiguration"))
    set_default(members["DataFormatConversionConfiguration"], "Enabled", true);
  if (!is_enabled(members, kPartitioning)) return;
  set_default(members[kPartitioning], "RetryOptions", Json::object());
  set_default(members[kPartitioning]["RetryOptions"], "DurationInSeconds",
              kPartitioningRetryDefaultS);
}

Verdict check_time_zone(const Json& members) {
  const auto zone = text_of(members, "CustomTimeZone");
  if (!zone.empty() && !is_supported_time_zone(zone))
    return Error::invalid_argument(
        "Provided custom time zone is not supported. Custom time zones are limited to UTC and "
        "non-3-letter IANA time zones.");
  if (zone.empty() || delivery::TimeZone::find(zone)) return std::nullopt;
  return Error::invalid_argument("The machine that hydrant runs on has no data of the time zone " +
                                 zone + ": its package of time zones (tzdata) is missing.");
}

Verdict check(const Json& members, const Terms& terms) {
  if (auto error = check_s3_target(members)) return error;
  if (auto error = check_prefixes(members)) return error;
  if (auto error = check_time_zone(members)) return error;
  if (auto error = check_s3_backup(members)) return error;
  std::vector<Processor> processors;
  if (is_enabled(members, "ProcessingConfiguration")) {
    processors = processors_of(members["ProcessingConfiguration"]);
    const bool partitions = is_enabled(members, "DynamicPartitioningConfiguration");
    if (auto error = check_processors(processors, partitions)) return error;
  }
  if (auto error = check_partitioning(members, processors, terms.lenient_partitioning))
    return error;
  return check_conversion(members, terms.account);
}

delivery::S3Settings settings_of(const Json& description, bool lenient_partitioning) {
  delivery::S3Settings settings;
  static_cast<delivery::S3TargetSettings&>(settings) = s3_target_settings(description);
  settings.file_extension = text_of(description, "FileExtension");
  const auto zone = text_of(description, "CustomTimeZone");
  if (!zone.empty()) settings.custom_time_zone = zone;
  if (const auto* processing = member(description, "ProcessingConfiguration"))
    settings.processing = processing_settings(*processing);
  if (is_enabled(description, kPartitioning)) {
    const auto& retry = description[kPartitioning]["RetryOptions"];
    settings.dynamic_partitioning = delivery::DynamicPartitioningSettings{
        retry["DurationInSeconds"].get<std::int32_t>(), lenient_partitioning};
  }
  if (text_of(description, "S3BackupMode") == "Enabled")
    settings.backup = s3_target_settings(description["S3BackupDescription"]);
  return settings;
}

// `members`: all there is to say of the destination, by the names of its description.
Result<Configured> settle(Json members, const Terms& terms) {
  fill_in(members);
  if (auto error = check(members, terms)) return *std::move(error);
  if (members.contains("ProcessingConfiguration")) {
    members["ProcessingConfiguration"] =
        describe_processing(members["ProcessingConfiguration"], text_of(members, "RoleARN"));
  }
  Configured configured{{shapes::kExtendedS3, in_order(members)}, {}};
  configured.settings = settings_of(configured.destination.members, terms.lenient_partitioning);
  return configured;
}

// The formats of a conversion are a choice of one: a new one does not join the old one.
void merge_conversion(Json& conversion, const Json& update) {
  for (const auto& [name, value] : update.items()) {
    if (name == "SchemaConfiguration" && conversion.contains(name)) {
      conversion[name].update(value);
    } else {
      conversion[name] = value;
    }
  }
}

}  // namespace

Result<Configured> configure_s3(const Json& configuration, const Terms& terms) {
  if (auto error = check_hints(configuration)) return *std::move(error);
  Json members = configuration;
  if (const auto* backup = member(configuration, "S3BackupConfiguration")) {
    if (auto error = check_hints(*backup)) return *std::move(error);
    members["S3BackupDescription"] = *backup;
  }
  return settle(std::move(members), terms);
}

Result<Configured> update_s3(const Json& description, const Json& update, const Terms& terms) {
  if (auto error = check_hints(update)) return *std::move(error);
  Json members = description;
  for (const auto& [name, value] : update.items()) {
    if (name == "S3BackupUpdate") {
      if (auto error = check_hints(value)) return *std::move(error);
      set_default(members, "S3BackupDescription", Json::object());
      members["S3BackupDescription"].update(value);
    } else if (name == "DataFormatConversionConfiguration" && members.contains(name)) {
      merge_conversion(members[name], value);
    } else {
      members[name] = value;
    }
  }
  if (auto error = check_backup_mode_change(description, members)) return *std::move(error);
  if (is_enabled(description, kPartitioning) != is_enabled(members, kPartitioning))
    return Error::invalid_argument(
        "Dynamic Partitioning cannot be enabled or disabled on an existing delivery stream.");
  return settle(std::move(members), terms);
}

Json plain_s3_description(const Json& description) {
  return arranged(description, s3_target_members());
}

}  // namespace hydrant::firehose
