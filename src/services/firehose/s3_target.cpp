#include "services/firehose/s3_target.h"

#include <algorithm>
#include <string>
#include <utility>

#include "aws/arn.h"
#include "engine/delivery/prefix.h"
#include "services/firehose/json_access.h"
#include "services/firehose/partitioning.h"

namespace hydrant::firehose {
namespace {

using aws::Error;
using aws::Json;
using delivery::Compression;
using Text = std::string_view;
using Verdict = std::optional<Error>;

constexpr Text kMembers[] = {"RoleARN",
                             "BucketARN",
                             "Prefix",
                             "ErrorOutputPrefix",
                             "BufferingHints",
                             "CompressionFormat",
                             "EncryptionConfiguration",
                             "CloudWatchLoggingOptions"};
constexpr int kIntervalDefaultS = 300;

Compression compression_of(Text format) {
  constexpr std::pair<Text, Compression> kFormats[] = {
      {"GZIP", Compression::gzip},
      {"ZIP", Compression::zip},
      {"Snappy", Compression::snappy},
      {"HADOOP_SNAPPY", Compression::hadoop_snappy}};
  for (const auto& [name, compression] : kFormats)
    if (name == format) return compression;
  return Compression::uncompressed;
}

}  // namespace

std::span<const Text> s3_target_members() { return kMembers; }

Verdict check_hints(const Json& holder) {
  const auto* hints = member(holder, "BufferingHints");
  if (hints == nullptr || hints->size() != 1) return std::nullopt;
  const bool has_size = hints->contains("SizeInMBs");
  const std::string there = has_size ? "SizeInMBs" : "IntervalInSeconds";
  const std::string missing = has_size ? "IntervalInSeconds" : "SizeInMBs";
  return Error::invalid_argument("If you specify a value for " + there +
                                 ", you must also specify a value for " + missing +
                                 ", and vice versa.");
}

void fill_in_logging(Json& members) {
  set_default(members, "CloudWatchLoggingOptions", Json::object());
  set_default(members["CloudWatchLoggingOptions"], "Enabled", false);
}

void fill_in_s3_target(Json& members, int size_default_mb) {
  auto& hints = members["BufferingHints"];
  if (hints.empty())
    hints = {{"SizeInMBs", size_default_mb}, {"IntervalInSeconds", kIntervalDefaultS}};
  set_default(members, "CompressionFormat", "UNCOMPRESSED");
  set_default(members, "EncryptionConfiguration", {{"NoEncryptionConfig", "NoEncryption"}});
  fill_in_logging(members);
}

Verdict check_logging(const Json& members) {
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

Verdict check_s3_target(const Json& members) {
  if (members["EncryptionConfiguration"].size() != 1)
    return Error::invalid_argument(
        "Exactly one of NoEncryptionConfig or KMSEncryptionConfig must be specified");
  return check_logging(members);
}

Error refused_prefix(const std::string& constraint) {
  return Error::invalid_argument(
      "The supplied prefix(es) do not satisfy the following constraint: " + constraint);
}

Verdict check_prefixes(const Json& members) {
  const auto error_output_prefix = text_of(members, "ErrorOutputPrefix");
  const auto broken = delivery::find_prefix_error(text_of(members, "Prefix"), error_output_prefix);
  if (broken) return refused_prefix(*broken);
  if (!has_partition_keys(delivery::Prefix(error_output_prefix))) return std::nullopt;
  return Error::invalid_argument(
      "Dynamic Partitioning Namespaces can't be part of an error prefix expression");
}

Verdict check_s3_backup(const Json& members) {
  const Error missing = Error::invalid_argument(
      "S3 backup destination configuration is required when enabling S3 backup.");
  const auto* backup = member(members, "S3BackupDescription");
  if (backup == nullptr)
    return text_of(members, "S3BackupMode") == "Enabled" ? Verdict(missing) : std::nullopt;
  // That of an update need not be complete by itself.
  if (!backup->contains("RoleARN") || !backup->contains("BucketARN")) return missing;
  if (auto error = check_s3_target(*backup)) return error;
  if (auto error = check_prefixes(*backup)) return error;
  return check_partitioning(*backup, {}, false);  // which a backup never has
}

// Whatever backs up more cannot be taken back.
Verdict check_backup_mode_change(const Json& from, const Json& to) {
  constexpr Text kLarger[] = {"Enabled", "AllDocuments", "AllEvents", "AllData"};
  const auto before = text_of(from, "S3BackupMode"), after = text_of(to, "S3BackupMode");
  if (before == after || std::ranges::find(kLarger, Text(before)) == std::end(kLarger))
    return std::nullopt;
  return Error::invalid_argument("S3BackupMode cannot be changed from " + before + " to " + after +
                                 ".");
}

delivery::CloudWatchLoggingSettings logging_settings(const Json& members) {
  const auto& logging = members["CloudWatchLoggingOptions"];
  return {flag_of(logging, "Enabled"), text_of(logging, "LogGroupName"),
          text_of(logging, "LogStreamName")};
}

delivery::S3TargetSettings s3_target_settings(const Json& description) {
  constexpr Text kBeforeBucket = ":::";
  delivery::S3TargetSettings settings;
  const auto bucket_arn = text_of(description, "BucketARN");
  settings.bucket = bucket_arn.substr(bucket_arn.rfind(kBeforeBucket) + kBeforeBucket.size());
  settings.role_arn = text_of(description, "RoleARN");
  settings.prefix = text_of(description, "Prefix");
  settings.error_output_prefix = text_of(description, "ErrorOutputPrefix");
  const auto& hints = description["BufferingHints"];
  settings.buffering_size_mb = hints["SizeInMBs"].get<std::int32_t>();
  settings.buffering_interval_s = hints["IntervalInSeconds"].get<std::int32_t>();
  settings.compression = compression_of(text_of(description, "CompressionFormat"));
  settings.logging = logging_settings(description);
  return settings;
}

}  // namespace hydrant::firehose
