#include "services/firehose/shapes/requests.h"

#include <utility>
#include <vector>

#include "services/firehose/shapes/build.h"
#include "services/firehose/shapes/conversion.h"
#include "services/firehose/shapes/destinations.h"
#include "services/firehose/shapes/s3.h"
#include "services/firehose/shapes/sources.h"

namespace hydrant::firehose::shapes {
namespace {

constexpr std::string_view kKeyTypes[] = {"AWS_OWNED_CMK", "CUSTOMER_MANAGED_CMK"};
constexpr aws::Rules kType = aws::one_of(kDeliveryStreamTypes);
constexpr aws::Rules kKeyType = aws::one_of(kKeyTypes);
constexpr aws::Rules kTagCount = aws::length(1, 50);

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

// A shape of Create and of an update, each made once.
template <Shape (*kMake)(const Wording&)>
const Shape* configuration() {
  static const Shape shape = kMake(Wording());
  return &shape;
}
template <Shape (*kMake)(const Wording&)>
const Shape* update() {
  static const Shape shape = kMake(Wording::of_update());
  return &shape;
}

// Of a request that may speak of a schema.
Shape request(std::vector<ShapeMember> members) {
  Shape shape = structure(std::move(members));
  shape.before_rules = &check_schema_role;
  return shape;
}

}  // namespace

const Shape* Wording::s3_shape() const {
  return required ? s3_destination_configuration() : s3_destination_update();
}

const Shape* complete_update(std::string_view kind) {
  static const Shape to_redshift = redshift(Wording::of_complete_update());
  static const Shape to_splunk = splunk(Wording::of_complete_update());
  if (kind == kS3) return s3_destination_configuration();
  if (kind == kExtendedS3) return complete_extended_s3_destination_update();
  return kind == "Redshift" ? &to_redshift : &to_splunk;
}

const Shape& start_delivery_stream_encryption() {
  static const Shape shape =
      structure({{"DeliveryStreamName", text<kDeliveryStreamName>(), kRequired},
                 {"DeliveryStreamEncryptionConfigurationInput", encryption_input()}});
  return shape;
}

const Shape& tag_delivery_stream() {
  static const Shape shape =
      structure({{"DeliveryStreamName", text<kDeliveryStreamName>(), kRequired},
                 {"Tags", tags(), kRequired}});
  return shape;
}

const Shape& create_delivery_stream() {
  static const Shape shape = request({
      {"DeliveryStreamName", text<kDeliveryStreamName>(), kRequired},
      {"DeliveryStreamType", text<kType>()},
      {"DirectPutSourceConfiguration", direct_put_source()},
      {"KinesisStreamSourceConfiguration", kinesis_stream_source()},
      {"DeliveryStreamEncryptionConfigurationInput", encryption_input()},
      {"S3DestinationConfiguration", s3_destination_configuration()},
      {"ExtendedS3DestinationConfiguration", extended_s3_destination_configuration()},
      {"RedshiftDestinationConfiguration", configuration<&redshift>()},
      {"ElasticsearchDestinationConfiguration", configuration<&search_domain>()},
      {"AmazonopensearchserviceDestinationConfiguration", configuration<&search_domain>()},
      {"SplunkDestinationConfiguration", configuration<&splunk>()},
      {"HttpEndpointDestinationConfiguration", configuration<&http_endpoint>()},
      {"Tags", tags()},
      {"AmazonOpenSearchServerlessDestinationConfiguration", configuration<&search_serverless>()},
      {"MSKSourceConfiguration", msk_source()},
      {"SnowflakeDestinationConfiguration", configuration<&snowflake>()},
      {"IcebergDestinationConfiguration", configuration<&iceberg>()},
      {"DatabaseSourceConfiguration", database_source()},
  });
  return shape;
}

const Shape& update_destination() {
  static const Shape shape = request({
      {"DeliveryStreamName", text<kDeliveryStreamName>(), kRequired},
      {"CurrentDeliveryStreamVersionId", text<kVersionId>(), kRequired},
      {"DestinationId", text<kDestinationIdRules>(), kRequired},
      {"S3DestinationUpdate", s3_destination_update()},
      {"ExtendedS3DestinationUpdate", extended_s3_destination_update()},
      {"RedshiftDestinationUpdate", update<&redshift>()},
      {"ElasticsearchDestinationUpdate", update<&search_domain>()},
      {"AmazonopensearchserviceDestinationUpdate", update<&search_domain>()},
      {"SplunkDestinationUpdate", update<&splunk>()},
      {"HttpEndpointDestinationUpdate", update<&http_endpoint>()},
      {"AmazonOpenSearchServerlessDestinationUpdate", update<&search_serverless>()},
      {"SnowflakeDestinationUpdate", update<&snowflake>()},
      {"IcebergDestinationUpdate", update<&iceberg>()},
  });
  return shape;
}

}  // namespace hydrant::firehose::shapes
