// DescribeDeliveryStream: the configuration with its defaults filled in. A destination in S3 is
// shown twice, plain and extended, however it was given.
#include "services/firehose/operation.h"
#include "services/firehose/s3_destination.h"

namespace hydrant::firehose {
namespace {

struct Input {
  Text delivery_stream_name;
  std::optional<std::int32_t> limit;  // without effect: there is one destination
  std::optional<Text> exclusive_start_destination_id;

  static constexpr auto shape() {
    return fields(field("DeliveryStreamName", &Input::delivery_stream_name, kDeliveryStreamName),
                  field("Limit", &Input::limit, range(1, 10'000)),
                  field("ExclusiveStartDestinationId", &Input::exclusive_start_destination_id,
                        kDestinationIdRules));
  }
};

void write_source(const delivery::DeliveryStream& stream, Writer& reply) {
  const auto source = stream.settings().source;
  reply.key("Source").begin_map().key("KinesisStreamSourceDescription").begin_map();
  reply.member("KinesisStreamARN", source.arn).member("RoleARN", source.role_arn);
  if (const auto started = stream.activated_at()) reply.member("DeliveryStartTimestamp", *started);
  reply.end_map().end_map();
}

void write_destination(const Json& description, Writer& reply) {
  reply.begin_map().key("DestinationId").plain(kDestinationId);
  reply.key("S3DestinationDescription");
  aws::write_document(reply, plain_s3_description(description));
  reply.key("ExtendedS3DestinationDescription");
  aws::write_document(reply, description);
  reply.end_map();
}

Result<void> describe_delivery_stream(Context& ctx, const Input& in, Writer& reply) {
  const auto stream = ctx.find(in.delivery_stream_name);
  if (!stream) return not_found(ctx.identify(in.delivery_stream_name));
  const auto view = StoredDestination::of(*stream).view(*stream);
  const bool direct_put = stream->source_type() == delivery::SourceType::direct_put;

  reply.begin_map().key("DeliveryStreamDescription").begin_map();
  reply.member("DeliveryStreamName", stream->id().name);
  reply.member("DeliveryStreamARN", stream->arn());
  reply.member("DeliveryStreamStatus", delivery::status_name(stream->status()));
  if (direct_put) {
    reply.key("DeliveryStreamEncryptionConfiguration").begin_map();
    reply.member("Status", "DISABLED").end_map();
  }
  reply.member("DeliveryStreamType", type_name(*stream));
  reply.member("VersionId", view.version_id);
  reply.member("CreateTimestamp", stream->created_at());
  if (view.updated_at) reply.member("LastUpdateTimestamp", *view.updated_at);
  if (!direct_put) write_source(*stream, reply);
  reply.key("Destinations").begin_list();
  write_destination(view.description, reply);
  reply.end_list().member("HasMoreDestinations", false).end_map().end_map();
  return {};
}

}  // namespace

extern const Operation kDescribeDeliveryStream =
    operation<&describe_delivery_stream>("DescribeDeliveryStream");

}  // namespace hydrant::firehose
