#include "services/firehose/shapes/destinations.h"
#include "services/firehose/shapes/parts.h"
#include "services/firehose/shapes/processing.h"

namespace hydrant::firehose::shapes {
namespace {

constexpr std::string_view kLoadingOptions[] = {"JSON_MAPPING", "VARIANT_CONTENT_MAPPING",
                                                "VARIANT_CONTENT_AND_METADATA_MAPPING"};
constexpr aws::Rules kLoadingOption = aws::one_of(kLoadingOptions);

const Shape* name() { return text<kLength<1, 255>>(); }

const Shape* role_configuration() {
  static const Shape shape = structure({{"Enabled", boolean()}, {"SnowflakeRole", name()}});
  return &shape;
}

const Shape* private_link() {
  static const Shape shape =
      structure({{"PrivateLinkVpceId", text<kEndpointService>(), kRequired}});
  return &shape;
}

}  // namespace

Shape snowflake(const Wording& wording) {
  std::vector<ShapeMember> members = {
      {"AccountUrl", text<kSnowflakeUrl>(), wording.required},
      {"PrivateKey", text<kBase64Key>()},
      {"KeyPassphrase", text<kLength<7, 255>>()},
      {"User", name()},
      {"Database", name(), wording.required},
      {"Schema", name(), wording.required},
      {"Table", name(), wording.required},
      {"SnowflakeRoleConfiguration", role_configuration()},
      {"DataLoadingOption", text<kLoadingOption>()},
      {"MetaDataColumnName", name()},
      {"ContentColumnName", name()},
      {"CloudWatchLoggingOptions", cloud_watch_logging_options()},
      {"ProcessingConfiguration", processing_configuration()},
      {"RoleARN", text<kRoleArn>(), wording.required},
      {"RetryOptions", retry_options()},
      {"S3BackupMode", backup_mode<kDataBackedUp>()},
      {wording.s3, wording.s3_shape(), wording.required},
      {"SecretsManagerConfiguration", secrets_manager_configuration()},
      {"BufferingHints", buffering_hints<128, 900>()}};
  if (wording.required) members.push_back({"SnowflakeVpcConfiguration", private_link()});
  return structure(std::move(members));
}

}  // namespace hydrant::firehose::shapes
