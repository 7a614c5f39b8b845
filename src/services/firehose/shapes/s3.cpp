#include "services/firehose/shapes/s3.h"

#include "services/firehose/shapes/build.h"
#include "services/firehose/shapes/conversion.h"
#include "services/firehose/shapes/processing.h"

namespace hydrant::firehose::shapes {
namespace {

// In the order in which the service prints them.
constexpr std::string_view kCompressions[] = {"ZIP", "HADOOP_SNAPPY", "Snappy", "GZIP",
                                              "UNCOMPRESSED"};
constexpr std::string_view kNoEncryptions[] = {"NoEncryption"};
constexpr std::string_view kBackupModes[] = {"Disabled", "Enabled"};
constexpr aws::Rules kCompression = aws::one_of(kCompressions);
constexpr aws::Rules kNoEncryption = aws::one_of(kNoEncryptions);
constexpr aws::Rules kBackupMode = aws::one_of(kBackupModes);
constexpr aws::Rules kBufferSize = aws::range(1, 128);
constexpr aws::Rules kBufferInterval = aws::range(0, 900);
constexpr aws::Rules kRetryDuration = aws::range(0, 7200);

const Shape* buffering_hints() {
  static const Shape shape = structure(
      {{"SizeInMBs", integer<kBufferSize>()}, {"IntervalInSeconds", integer<kBufferInterval>()}});
  return &shape;
}

const Shape* encryption_configuration() {
  static const Shape kms = structure({{"AWSKMSKeyARN", text<kKmsKeyArn>(), kRequired}});
  static const Shape shape =
      structure({{"NoEncryptionConfig", text<kNoEncryption>()}, {"KMSEncryptionConfig", &kms}});
  return &shape;
}

const Shape* cloud_watch_logging_options() {
  static const Shape shape = structure({{"Enabled", boolean()},
                                        {"LogGroupName", text<kLogGroup>()},
                                        {"LogStreamName", text<kLogStream>()}});
  return &shape;
}

const Shape* dynamic_partitioning_configuration() {
  static const Shape retry = structure({{"DurationInSeconds", integer<kRetryDuration>()}});
  static const Shape shape = structure({{"RetryOptions", &retry}, {"Enabled", boolean()}});
  return &shape;
}

std::vector<ShapeMember> s3_members(bool required) {
  return {{"RoleARN", text<kRoleArn>(), required},
          {"BucketARN", text<kBucketArn>(), required},
          {"Prefix", text<kPrefix>()},
          {"ErrorOutputPrefix", text<kPrefix>()},
          {"BufferingHints", buffering_hints()},
          {"CompressionFormat", text<kCompression>()},
          {"EncryptionConfiguration", encryption_configuration()},
          {"CloudWatchLoggingOptions", cloud_watch_logging_options()}};
}

// Recorded: the file extension comes behind the compression format, then the conversion with its
// output before its input, and the processors last.
std::vector<ShapeMember> extended_members(bool required, ShapeMember backup) {
  std::vector<ShapeMember> members = s3_members(required);
  members.push_back({"S3BackupMode", text<kBackupMode>()});
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

const Shape* extended_s3_destination_update() {
  static const Shape shape =
      structure(extended_members(!kRequired, {"S3BackupUpdate", s3_destination_update()}));
  return &shape;
}

}  // namespace hydrant::firehose::shapes
