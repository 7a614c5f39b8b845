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

struct ProcessingSettings {
  std::optional<LambdaSettings> lambda;
  std::optional<std::string> append_delimiter;  // the bytes put behind every record
};

enum class Compression { uncompressed, gzip };

// An ExtendedS3 destination.
struct S3Settings {
  std::string bucket;  // the name: BucketARN without arn:aws:s3:::
  std::string role_arn;
  std::string prefix;               // as configured, expressions and all; empty: none
  std::string error_output_prefix;  // the same
  std::string custom_time_zone = "UTC";
  std::int32_t buffering_size_mb = 5;       // 1..128, MiB before compression
  std::int32_t buffering_interval_s = 300;  // 0..900; 0: as soon as possible
  Compression compression = Compression::uncompressed;
  std::string file_extension;  // replaces the default one on data objects; empty: unset
  ProcessingSettings processing;
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
