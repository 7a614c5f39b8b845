#include "services/firehose/shapes/s3.h"

#include "services/firehose/shapes/build.h"
#include "services/firehose/shapes/conversion.h"
#include "services/firehose/shapes/parts.h"
#include "services/firehose/shapes/processing.h"

namespace hydrant::firehose::shapes {
namespace {

// In the order in which the service prints them.
constexpr std::string_view kCompressions[] = {"ZIP", "HADOOP_SNAPPY", "Snappy", "GZIP",
                                              "UNCOMPRESSED"};
constexpr std::string_view kNoEncryptions[] = {"NoEncryption"};
constexpr aws::Rules kCompression = aws::one_of(kCompressions);
constexpr aws::Rules kNoEncryption = aws::one_of(kNoEncryptions);

const Shape* encryption_configuration() {
  static const Shape kms = structure({{"AWSKMSKeyARN", text<kKmsKeyArn>(), kRequired}});
  static const Shape shape =
      structure({{"NoEncryptionConfig", text<kNoEncryption>()}, {"KMSEncryptionConfig", &kms}});
  return &shape;
}

const Shape* dynamic_partitioning_configuration() {
  static const Shape shape = structure({{"RetryOptions", retry_options()}, {"Enabled", boolean()}});
  return &shape;
}

std::vector<ShapeMember> s3_members(bool required) {
  return {{"RoleARN", text<kRoleArn>(), required},
          {"BucketARN", text<kBucketArn>(), required},
          {"Prefix", text<kPrefix>()},
          {"ErrorOutputPrefix", text<kPrefix>()},
          {"BufferingHints", buffering_hints<128, 900>()},
          {"CompressionFormat", text<kCompression>()},
          {"EncryptionConfiguration", encryption_configuration()},
          {"CloudWatchLoggingOptions", cloud_watch_logging_options()}};
}

// Recorded: the file extension comes behind the compression format, then the conversion with its
// output before its input, and the processors last.
std::vector<ShapeMember> extended_members(bool required, ShapeMember backup) {
  std::vector<ShapeMember> members = s3_members(required);
  members.push_back({"S3BackupMode", backup_mode<kDisabledOrEnabled>()});
  members.push_back(backup);
  members.push_back({"FileExtension", text<kFileExtension>()});
  members.push_back({"CustomTimeZone", text<kTimeZone>()});
  members.push_back({"DataFormatConversionConfiguration", data_format_conversion_configuration()});
  members.push_back({"DynamicPartitioningConfiguration", dynamic_partitioning_configuration()});
  members.push_back({"ProcessingConfiguration", processing_configuration()});
  return members;
}

}  // namespace

const Shape* s3_destination_configuration() {
  static const Shape shape = structure(s3_members(kRequired));
  return &shape;
}

const Shape* s3_destination_update() {
  static const Shape shape = structure(s3_members(!kRequired));
  return &shape;
}

const Shape* extended_s3_destination_configuration() {
  static const Shape shape = structure(
      extended_members(kRequired, {"S3BackupConfiguration", s3_destination_configuration()}));
  return &shape;
}

const Shape* complete_extended_s3_destination_update() {
  static const Shape shape =
      structure(extended_members(kRequired, {"S3BackupUpdate", s3_destination_configuration()}));
  return &shape;
}

const Shape* extended_s3_destination_update() {
  static const Shape shape =
      structure(extended_members(!kRequired, {"S3BackupUpdate", s3_destination_update()}));
  return &shape;
}

}  // namespace hydrant::firehose::shapes
