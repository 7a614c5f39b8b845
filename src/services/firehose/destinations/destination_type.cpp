#include "services/firehose/destinations/destination_type.h"

#include <string>
#include <utility>

#include "aws/arn.h"
#include "services/firehose/json_access.h"
#include "services/firehose/partitioning.h"
#include "services/firehose/s3_target.h"

namespace hydrant::firehose {
namespace {

using aws::Error;
using aws::Json;
using aws::Result;
using Text = std::string_view;
using Verdict = std::optional<Error>;

constexpr Text kS3 = "S3DestinationDescription";
constexpr Text kS3Backup = "S3BackupDescription";
constexpr Text kProcessing = "ProcessingConfiguration";
constexpr Text kBackupMode = "S3BackupMode";

// What a request calls otherwise than a description does.
constexpr std::pair<Text, Text> kDescribedAs[] = {
    {"S3Configuration", kS3},
    {"S3BackupConfiguration", kS3Backup},
    {"VpcConfiguration", "VpcConfigurationDescription"}};

std::string described_as(const std::string& name) {
  for (const auto& [given, described] : kDescribedAs)
    if (given == name) return std::string(described);
  return name;
}

// Members that are not there, at any depth.
void fill_in(Json& members, const Json& defaults) {
  for (const auto& [name, value] : defaults.items()) {
    if (!members.contains(name)) {
      members[name] = value;
    } else if (value.is_object()) {
      fill_in(members[name], value);
    }
  }
}

Verdict check_all_hints(const Json& given) {
  if (auto error = check_hints(given)) return error;
  for (const auto& [name, value] : given.items()) {
    const bool is_place = name == "S3Configuration" || name == "S3BackupConfiguration";
    if (!is_place) continue;
    if (auto error = check_hints(value)) return error;
  }
  return std::nullopt;
}

Verdict check_processing(const DestinationType& type, const Json& members) {
  if (!is_enabled(members, kProcessing)) return std::nullopt;
  return check_processors(processors_of(*member(members, kProcessing)), type.routes_by_query);
}

Verdict check(const DestinationType& type, const Json& members, const Terms& terms) {
  if (auto error = type.check(members, terms)) return error;
  if (auto error = check_logging(members)) return error;
  const Json& s3 = *member(members, kS3);
  if (auto error = check_s3_target(s3)) return error;
  if (auto error = check_prefixes(s3)) return error;
  if (auto error = check_partitioning(s3, {}, false)) return error;
  if (auto error = check_s3_backup(members)) return error;
  return check_processing(type, members);
}

// Until records are delivered to the destination itself, they go where its S3 part is.
delivery::S3Settings settings_of(const Json& members) {
  delivery::S3Settings settings;
  static_cast<delivery::S3TargetSettings&>(settings) = s3_target_settings(*member(members, kS3));
  if (is_enabled(members, "CloudWatchLoggingOptions") && !settings.logging.enabled)
    settings.logging = logging_settings(members);
  if (const auto* processing = member(members, kProcessing))
    settings.processing = processing_settings(*processing);
  settings.processing.metadata_extraction_query.reset();  // routes to tables that are not there
  if (text_of(members, kBackupMode) == "Enabled")
    settings.backup = s3_target_settings(*member(members, kS3Backup));
  return settings;
}

// Splunk has no role of its own.
std::string role_of(const Json& members) {
  const auto own = text_of(members, "RoleARN");
  return own.empty() ? text_of(*member(members, kS3), "RoleARN") : own;
}

Result<Configured> settle(const DestinationType& type, Json members, const Terms& terms) {
  fill_in(members, Json::parse(type.defaults));
  fill_in_logging(members);
  fill_in_s3_target(members[std::string(kS3)], kS3SizeDefaultMb);
  if (members.contains(kS3Backup))
    fill_in_s3_target(members[std::string(kS3Backup)], kS3SizeDefaultMb);
  if (auto error = check(type, members, terms)) return *std::move(error);
  if (auto* processing =
          members.contains(kProcessing) ? &members[std::string(kProcessing)] : nullptr)
    *processing = describe_processing(*processing, role_of(members), type.lambda_buffer);
  Configured configured{{type.kind, arranged(members, type.members)}, {}};
  configured.settings = settings_of(configured.destination.members);
  return configured;
}

}  // namespace

Result<Configured> configure_other(const DestinationType& type, const Json& configuration,
                                   const Terms& terms) {
  if (auto error = check_all_hints(configuration)) return *std::move(error);
  Json members = Json::object();
  for (const auto& [name, value] : configuration.items()) members[described_as(name)] = value;
  if (members.contains("VpcConfigurationDescription"))
    members["VpcConfigurationDescription"]["VpcId"] = "vpc-00000000000000000";
  return settle(type, std::move(members), terms);
}

Result<Configured> update_other(const DestinationType& type, const Json& stored, const Json& update,
                                const Terms& terms) {
  if (auto error = check_all_hints(update)) return *std::move(error);
  Json members = stored;
  for (const auto& [given, value] : update.items()) {
    const auto name = described_as(given);
    if (name == kS3 || (name == kS3Backup && members.contains(name))) {
      members[name].update(value);
    } else {
      members[name] = value;
    }
  }
  if (auto error = check_backup_mode_change(stored, members)) return *std::move(error);
  return settle(type, std::move(members), terms);
}

Json describe_other(const DestinationType& type, const Json& members) {
  Json description = members;
  for (const Text secret : type.secrets) {
    const auto dot = secret.find('.');
    const std::string name(secret.substr(0, dot));
    if (dot == Text::npos) {
      description.erase(name);
    } else if (description.contains(name)) {
      description[name].erase(std::string(secret.substr(dot + 1)));
    }
  }
  return description;
}

const DestinationType& destination_type(Text kind) {
  for (const auto* type : {&kRedshift, &kElasticsearch, &kOpenSearchService, &kOpenSearchServerless,
                           &kSplunk, &kHttpEndpoint, &kSnowflake})
    if (type->kind == kind) return *type;
  return kIceberg;
}

bool uses_secret(const Json& members) { return is_enabled(members, "SecretsManagerConfiguration"); }

Verdict check_secret(const Json& members, const Terms& terms) {
  if (!uses_secret(members)) return std::nullopt;
  const auto text = text_of(*member(members, "SecretsManagerConfiguration"), "SecretARN");
  if (text.empty()) return Error::invalid_argument("Invalid secret ARN: null");
  const auto arn = aws::Arn::parse(text);
  if (!arn || arn->region == terms.region) return std::nullopt;
  return Error::invalid_argument(
      "Cross-region secrets are not allowed. Please provide a secret in the same region as "
      "firehose");
}

}  // namespace hydrant::firehose
