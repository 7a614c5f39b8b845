#include "services/firehose/s3_destination.h"

#include <span>
#include <vector>

#include "engine/delivery/prefix.h"
#include "services/firehose/conversion.h"
#include "services/firehose/json_access.h"
#include "services/firehose/not_emulated.h"
#include "services/firehose/partitioning.h"
#include "services/firehose/processing.h"
#include "services/firehose/rules.h"
#include "services/firehose/time_zones.h"

namespace hydrant::firehose {
namespace {

using aws::Error;
using aws::Json;
using aws::Result;
using Text = std::string_view;
using Verdict = std::optional<Error>;

// In the order in which descriptions show them; the plain one ends behind the eighth.
constexpr Text kMembers[] = {"RoleARN",
                             "BucketARN",
                             "Prefix",
                             "ErrorOutputPrefix",
                             "BufferingHints",
                             "CompressionFormat",
                             "EncryptionConfiguration",
                             "CloudWatchLoggingOptions",
                             "ProcessingConfiguration",
                             "S3BackupMode",
                             "S3BackupDescription",
                             "DataFormatConversionConfiguration",
                             "DynamicPartitioningConfiguration",
                             "FileExtension",
                             "CustomTimeZone"};
constexpr std::size_t kPlainMembers = 8;
constexpr int kSizeDefaultMb = 5, kSizeDefaultConvertingMb = 128;
constexpr int kIntervalDefaultS = 300;
constexpr int kPartitioningRetryDefaultS = 300;

void set_default(Json& object, const char* name, Json value) {
  if (!object.contains(name)) object[name] = std::move(value);
}

// Members in their order, and no others.
Json arranged(const Json& members, std::size_t count) {
  Json description = Json::object();
  for (const Text name : std::span(kMembers).first(count)) {
    if (const auto* value = member(members, name)) description[std::string(name)] = *value;
  }
  return description;
}

void fill_in_plain(Json& members, int size_default_mb) {
  auto& hints = members["BufferingHints"];
  if (hints.empty())
    hints = {{"SizeInMBs", size_default_mb}, {"IntervalInSeconds", kIntervalDefaultS}};
  set_default(members, "CompressionFormat", "UNCOMPRESSED");
  set_default(members, "EncryptionConfiguration", {{"NoEncryptionConfig", "NoEncryption"}});
  set_default(members, "CloudWatchLoggingOptions", Json::object());
  set_default(members["CloudWatchLoggingOptions"], "Enabled", false);
}

void fill_in(Json& members) {
  fill_in_plain(members, converts(members) ? kSizeDefaultConvertingMb : kSizeDefaultMb);
  set_default(members, "S3BackupMode", "Disabled");
  if (members.contains("S3BackupDescription"))
    fill_in_plain(members["S3BackupDescription"], kSizeDefaultMb);
  if (members.contains("DataFormatConversionConfiguration"))
    set_default(members["DataFormatConversionConfiguration"], "Enabled", true);
  if (is_enabled(members, "DynamicPartitioningConfiguration"))
    set_default(members["DynamicPartitioningConfiguration"], "RetryOptions",
                {{"DurationInSeconds", kPartitioningRetryDefaultS}});
}

// Pairs: the service fills in both or none.
Verdict check_hints(const Json& given) {
  const auto* hints = member(given, "BufferingHints");
  if (hints == nullptr || hints->size() != 1) return std::nullopt;
  const bool has_size = hints->contains("SizeInMBs");
  const std::string there = has_size ? "SizeInMBs" : "IntervalInSeconds";
  const std::string missing = has_size ? "IntervalInSeconds" : "SizeInMBs";
  return Error::invalid_argument("If you specify a value for " + there +
                                 ", you must also specify a value for " + missing +
                                 ", and vice versa.");
}

// The rules that the plain destination has, too.
Verdict check_plain(const Json& members) {
  if (members["EncryptionConfiguration"].size() != 1)
    return Error::invalid_argument(
        "Exactly one of NoEncryptionConfig or KMSEncryptionConfig must be specified");
  const auto& logging = members["CloudWatchLoggingOptions"];
  if (!flag_of(logging, "Enabled")) return std::nullopt;
  if (text_of(logging, "LogGroupName").empty())
    return Error::invalid_argument(
        "CloudWatch Log Group Name is required if CloudWatch Logging is enabled");
  if (text_of(logging, "LogStreamName").empty())
    return Error::invalid_argument(
        "CloudWatch Log Stream Name is required if CloudWatch Logging is enabled");
  return std::nullopt;
}

Verdict check_prefixes(const Json& members) {
  const auto broken = delivery::find_prefix_error(text_of(members, "Prefix"),
                                                  text_of(members, "ErrorOutputPrefix"));
  if (!broken) return std::nullopt;
  // The misspelling is the service's.
  return Error::invalid_argument(
      "Ths supplied prefix(es) do not satisfy the following constraint: " + *broken);
}

Verdict check_time_zone(const Json& members) {
  const auto zone = text_of(members, "CustomTimeZone");
  if (zone.empty() || is_supported_time_zone(zone)) return std::nullopt;
  return Error::invalid_argument(
      "Provided custom time zone is not supported. Custom time zones are limited to UTC and "
      "non-3-letter IANA time zones.");
}

Verdict check_backup(const Json& members) {
  const auto* backup = member(members, "S3BackupDescription");
  if (backup == nullptr) {
    if (text_of(members, "S3BackupMode") != "Enabled") return std::nullopt;
    return Error::invalid_argument(
        "S3 backup destination configuration is required when enabling S3 backup.");
  }
  if (auto error = check_plain(*backup)) return error;
  return check_prefixes(*backup);
}

// The role is looked at where the caller's right to hand it on is checked; its shape takes any
// text.
Verdict check_schema_role(const Json& members) {
  const auto* conversion = member(members, "DataFormatConversionConfiguration");
  const auto* schema = conversion == nullptr ? nullptr : member(*conversion, "SchemaConfiguration");
  if (schema == nullptr || !schema->contains("RoleARN")) return std::nullopt;
  if (is_role_arn(text_of(*schema, "RoleARN"))) return std::nullopt;
  return Error("InvalidParameterValueException", "Invalid role ARN.");
}

Verdict check(const Json& members, bool lenient_partitioning) {
  if (auto error = check_schema_role(members)) return error;
  if (auto error = check_plain(members)) return error;
  if (auto error = check_prefixes(members)) return error;
  if (auto error = check_time_zone(members)) return error;
  if (auto error = check_backup(members)) return error;
  std::vector<Processor> processors;
  if (is_enabled(members, "ProcessingConfiguration")) {
    processors = processors_of(members["ProcessingConfiguration"]);
    const bool partitions = is_enabled(members, "DynamicPartitioningConfiguration");
    if (auto error = check_processors(processors, partitions)) return error;
  }
  if (auto error = check_partitioning(members, processors, lenient_partitioning)) return error;
  return check_conversion(members);
}

delivery::S3Settings settings_of(const Json& description) {
  constexpr Text kBeforeBucket = ":::";
  delivery::S3Settings settings;
  const auto bucket_arn = text_of(description, "BucketARN");
  settings.bucket = bucket_arn.substr(bucket_arn.rfind(kBeforeBucket) + kBeforeBucket.size());
  settings.role_arn = text_of(description, "RoleARN");
  settings.prefix = text_of(description, "Prefix");
  settings.error_output_prefix = text_of(description, "ErrorOutputPrefix");
  const auto& hints = description["BufferingHints"];
  settings.buffering_size_mb = hints["SizeInMBs"].get<std::int32_t>();
  settings.buffering_interval_s = hints["IntervalInSeconds"].get<std::int32_t>();
  if (text_of(description, "CompressionFormat") == "GZIP")
    settings.compression = delivery::Compression::gzip;
  settings.file_extension = text_of(description, "FileExtension");
  if (const auto* processing = member(description, "ProcessingConfiguration"))
    settings.processing = processing_settings(*processing);
  return settings;
}

// `members`: all there is to say of the destination, by the names of its description.
Result<S3Destination> settle(Json members, bool lenient_partitioning) {
  fill_in(members);
  if (auto error = check(members, lenient_partitioning)) return *std::move(error);
  if (auto error = find_not_emulated(members)) return *std::move(error);
  if (members.contains("ProcessingConfiguration")) {
    members["ProcessingConfiguration"] =
        describe_processing(members["ProcessingConfiguration"], text_of(members, "RoleARN"));
  }
  S3Destination destination{arranged(members, std::size(kMembers)), {}};
  destination.settings = settings_of(destination.description);
  return destination;
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

Result<S3Destination> configure_s3(const Json& configuration, bool lenient_partitioning) {
  if (auto error = check_hints(configuration)) return *std::move(error);
  Json members = configuration;
  if (const auto* backup = member(configuration, "S3BackupConfiguration")) {
    if (auto error = check_hints(*backup)) return *std::move(error);
    members["S3BackupDescription"] = *backup;
  }
  return settle(std::move(members), lenient_partitioning);
}

Result<S3Destination> update_s3(const Json& description, const Json& update,
                                bool lenient_partitioning) {
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
  return settle(std::move(members), lenient_partitioning);
}

Json plain_s3_description(const Json& description) { return arranged(description, kPlainMembers); }

}  // namespace hydrant::firehose
