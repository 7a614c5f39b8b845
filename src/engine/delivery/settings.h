// What a delivery stream is told to do: the API's configuration, typed and with its defaults filled
// in. Checking a request against the rules of the API is done before it becomes one of these.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/streams/stream.h"

namespace hydrant::delivery {

struct DeliveryStreamId {
  std::string account, region, name;
  auto operator<=>(const DeliveryStreamId&) const = default;
  std::string arn() const;  // arn:aws:firehose:<region>:<account>:deliverystream/<name>
};

enum class SourceType { direct_put, kinesis_stream };

struct KinesisSourceSettings {
  streams::StreamId stream;
  std::string arn;  // as configured: what the Lambda event carries
  std::string role_arn;
};

struct LambdaSettings {
  std::string arn;  // verbatim, with its qualifier if it has one
  std::string role_arn;
  std::int32_t number_of_retries = 3;   // 0..300, after the first attempt
  double buffer_size_mb = 1.0;          // 0.2..3, MiB
  std::int32_t buffer_interval_s = 60;  // 0..900
  bool operator==(const LambdaSettings&) const = default;
};

// How one record is taken apart into several.
struct DeAggregationSettings {
  enum class Type { json, delimited };
  Type type = Type::json;
  std::string delimiter;  // bytes between the records of Type::delimited; never empty there
  bool operator==(const DeAggregationSettings&) const = default;
};

// What is done to records, in the order in which it is done.
struct ProcessingSettings {
  bool decompression = false;             // gzip, of CloudWatch Logs subscription data
  bool cloud_watch_log_messages = false;  // only the messages of it: DataMessageExtraction
  std::optional<DeAggregationSettings> de_aggregation;
  std::optional<LambdaSettings> lambda;
  std::optional<std::string> metadata_extraction_query;  // jq 1.6
  std::optional<std::string> append_delimiter;           // the bytes put behind every record
  bool operator==(const ProcessingSettings&) const = default;
};

enum class Compression { uncompressed, gzip, zip, snappy, hadoop_snappy };

// Where errors are told of, beside the error output.
struct CloudWatchLoggingSettings {
  bool enabled = false;
  std::string log_group, log_stream;
};

// What a destination in S3 and the backup of source records have in common.
struct S3TargetSettings {
  std::string bucket;  // the name: BucketARN without arn:aws:s3:::
  std::string role_arn;
  std::string prefix;                       // as configured, expressions and all; empty: none
  std::string error_output_prefix;          // the same
  std::int32_t buffering_size_mb = 5;       // 1..128, MiB before compression
  std::int32_t buffering_interval_s = 300;  // 0..900; 0: as soon as possible
  Compression compression = Compression::uncompressed;
  CloudWatchLoggingSettings logging;
};

struct DynamicPartitioningSettings {
  std::int32_t retry_duration_s = 300;  // 0..7200, of objects that cannot be written
  // partitionKeyFromQuery:$.x and partitionKeyFromLambda:$.x stand for the key x of either.
  bool lenient = false;
};

// An ExtendedS3 destination.
struct S3Settings : S3TargetSettings {
  std::string custom_time_zone = "UTC";  // of both prefixes and the names of objects
  std::string file_extension;            // replaces the default one on data objects; empty: unset
  ProcessingSettings processing;
  std::optional<DynamicPartitioningSettings> dynamic_partitioning;  // none: not enabled
  std::optional<S3TargetSettings> backup;  // of every source record; none: S3BackupMode Disabled
};

struct DeliveryStreamSettings {
  DeliveryStreamId id;
  SourceType source_type = SourceType::direct_put;
  KinesisSourceSettings source;  // only for SourceType::kinesis_stream
  S3Settings s3;
};

// How a failure record is laid out: as the service writes it since 2025, or as it did until 2022.
enum class FailureRecordStyle { current, style_2019 };

}  // namespace hydrant::delivery
