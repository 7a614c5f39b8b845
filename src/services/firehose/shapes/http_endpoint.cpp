#include "services/firehose/shapes/destinations.h"
#include "services/firehose/shapes/parts.h"
#include "services/firehose/shapes/processing.h"

namespace hydrant::firehose::shapes {
namespace {

constexpr std::string_view kEncodings[] = {"NONE", "GZIP"};
constexpr aws::Rules kEncoding = aws::one_of(kEncodings);

const Shape* endpoint_configuration() {
  static const Shape shape = structure({{"Url", text<kHttpsUrl>(), kRequired},
                                        {"Name", text<kNotBlankOf<1, 256>>()},
                                        {"AccessKey", text<kLine<0, 4096>>()}});
  return &shape;
}

const Shape* request_configuration() {
  static const Shape attribute =
      structure({{"AttributeName", text<kNotBlankOf<1, 256>>(), kRequired},
                 {"AttributeValue", text<kLine<0, 1024>>(), kRequired}});
  static const Shape attributes = list(&attribute, kLength<0, 50>);
  static const Shape shape =
      structure({{"ContentEncoding", text<kEncoding>()}, {"CommonAttributes", &attributes}});
  return &shape;
}

}  // namespace

Shape http_endpoint(const Wording& wording) {
  return structure({{"EndpointConfiguration", endpoint_configuration(), wording.required},
                    {"BufferingHints", buffering_hints<64, 900>()},
                    {"CloudWatchLoggingOptions", cloud_watch_logging_options()},
                    {"RequestConfiguration", request_configuration()},
                    {"ProcessingConfiguration", processing_configuration()},
                    {"RoleARN", text<kRoleArn>()},
                    {"RetryOptions", retry_options()},
                    {"S3BackupMode", backup_mode<kDataBackedUp>()},
                    {wording.s3, wording.s3_shape(), wording.required},
                    {"SecretsManagerConfiguration", secrets_manager_configuration()}});
}

}  // namespace hydrant::firehose::shapes
