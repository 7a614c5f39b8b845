#include "services/firehose/shapes/requests.h"

#include "services/firehose/shapes/build.h"
#include "services/firehose/shapes/s3.h"

namespace hydrant::firehose::shapes {
namespace {

constexpr std::string_view kKeyTypes[] = {"AWS_OWNED_CMK", "CUSTOMER_MANAGED_CMK"};
constexpr aws::Rules kType = aws::one_of(kDeliveryStreamTypes);
constexpr aws::Rules kKeyType = aws::one_of(kKeyTypes);
constexpr aws::Rules kThroughputHint = aws::range(1, 100);
constexpr aws::Rules kTagCount = aws::length(1, 50);

// Destinations that are refused whatever they hold: that they were named is all that matters.
const Shape* unread() {
  static const Shape shape = structure({});
  return &shape;
}

const Shape* direct_put_source() {
  static const Shape shape =
      structure({{"ThroughputHintInMBs", integer<kThroughputHint>(), kRequired}});
  return &shape;
}

const Shape* kinesis_stream_source() {
  static const Shape shape = structure({{"KinesisStreamARN", text<kKinesisStreamArn>(), kRequired},
                                        {"RoleARN", text<kRoleArn>(), kRequired}});
  return &shape;
}

const Shape* encryption_input() {
  static const Shape shape =
      structure({{"KeyARN", text<kKmsKeyArn>()}, {"KeyType", text<kKeyType>(), kRequired}});
  return &shape;
}

const Shape* tags() {
  static const Shape tag =
      structure({{"Key", text<kTagKey>(), kRequired}, {"Value", text<kTagValue>()}});
  static const Shape shape = list(&tag, kTagCount);
  return &shape;
}

}  // namespace

const Shape& create_delivery_stream() {
  static const Shape shape = structure({
      {"DeliveryStreamName", text<kDeliveryStreamName>(), kRequired},
      {"DeliveryStreamType", text<kType>()},
      {"DirectPutSourceConfiguration", direct_put_source()},
      {"KinesisStreamSourceConfiguration", kinesis_stream_source()},
      {"DeliveryStreamEncryptionConfigurationInput", encryption_input()},
      {"S3DestinationConfiguration", s3_destination_configuration()},
      {"ExtendedS3DestinationConfiguration", extended_s3_destination_configuration()},
      {"RedshiftDestinationConfiguration", unread()},
      {"ElasticsearchDestinationConfiguration", unread()},
      {"AmazonopensearchserviceDestinationConfiguration", unread()},
      {"SplunkDestinationConfiguration", unread()},
      {"HttpEndpointDestinationConfiguration", unread()},
      {"Tags", tags()},
      {"AmazonOpenSearchServerlessDestinationConfiguration", unread()},
      {"MSKSourceConfiguration", unread()},
      {"SnowflakeDestinationConfiguration", unread()},
      {"IcebergDestinationConfiguration", unread()},
      {"DatabaseSourceConfiguration", unread()},
  });
  return shape;
}

const Shape& update_destination() {
  static const Shape shape = structure({
      {"DeliveryStreamName", text<kDeliveryStreamName>(), kRequired},
      {"CurrentDeliveryStreamVersionId", text<kVersionId>(), kRequired},
      {"DestinationId", text<kDestinationIdRules>(), kRequired},
      {"S3DestinationUpdate", s3_destination_update()},
      {"ExtendedS3DestinationUpdate", extended_s3_destination_update()},
      {"RedshiftDestinationUpdate", unread()},
      {"ElasticsearchDestinationUpdate", unread()},
      {"AmazonopensearchserviceDestinationUpdate", unread()},
      {"SplunkDestinationUpdate", unread()},
      {"HttpEndpointDestinationUpdate", unread()},
      {"AmazonOpenSearchServerlessDestinationUpdate", unread()},
      {"SnowflakeDestinationUpdate", unread()},
      {"IcebergDestinationUpdate", unread()},
  });
  return shape;
}

}  // namespace hydrant::firehose::shapes
