// DescribeDeliveryStream: the configuration with its defaults filled in. A destination in S3 is
// shown twice, plain and extended, however it was given.
#include "services/firehose/json_access.h"
#include "services/firehose/operation.h"

namespace hydrant::firehose {
namespace {

constexpr Text kReadFrom = "ReadFromTimestamp";

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

void write_failure(const Failure& failure, Writer& reply) {
  reply.key("FailureDescription").begin_map();
  reply.member("Type", failure.type).member("Details", failure.details).end_map();
}

// The key is named as the caller may name it: that of AWS has no ARN.
void write_encryption(const Encryption::View& view, Writer& reply) {
  reply.key("DeliveryStreamEncryptionConfiguration").begin_map();
  if (view.key) {
    if (!view.key->arn.empty()) reply.member("KeyARN", view.key->arn);
    reply.member("KeyType", view.key->type);
  }
  reply.member("Status", view.status);
  if (view.failure) write_failure(*view.failure, reply);
  reply.end_map();
}

void write_source(const delivery::DeliveryStream& stream, const Source& source, Writer& reply) {
  reply.key("Source").begin_map();
  for (const auto& [name, members] : source.description.items()) {
    reply.key(name).begin_map();
    for (const auto& [key, value] : members.items()) {
      if (key == kReadFrom) continue;
      reply.key(key);
      aws::write_document(reply, value);
    }
    const bool has_start = source.type == kKinesisStreamAsSource || source.type == kMskAsSource;
    const auto started = stream.activated_at();
    if (has_start && started) reply.member("DeliveryStartTimestamp", *started);
    if (const auto* from = member(members, kReadFrom)) {
      reply.key(kReadFrom);
      aws::write_document(reply, *from);
    }
    reply.end_map();
  }
  reply.end_map();
}

void write_destination(const Destination& destination, Writer& reply) {
  reply.begin_map().key("DestinationId").plain(kDestinationId);
  const Json descriptions = describe(destination);
  for (const auto& [name, description] : descriptions.items()) {
    reply.key(name);
    aws::write_document(reply, description);
  }
  reply.end_map();
}

Result<void> describe_delivery_stream(Context& ctx, const Input& in, Writer& reply) {
  const auto stream = ctx.find(in.delivery_stream_name);
  if (!stream) return not_found(ctx.identify(in.delivery_stream_name));
  auto& attachment = Attachment::of(*stream);
  const auto view = attachment.view(*stream);
  const Source& source = attachment.source();
  const auto status = status_of(*stream);

  reply.begin_map().key("DeliveryStreamDescription").begin_map();
  reply.member("DeliveryStreamName", stream->id().name);
  reply.member("DeliveryStreamARN", stream->arn());
  reply.member("DeliveryStreamStatus", status);
  if (status == "CREATING_FAILED") write_failure(*attachment.creation_failure, reply);
  if (source.type == kDirectPut || source.type == kDatabaseAsSource)
    write_encryption(attachment.encryption().view(ctx.environment.clock.now()), reply);
  reply.member("DeliveryStreamType", source.type);
  reply.member("VersionId", view.version_id);
  reply.member("CreateTimestamp", stream->created_at());
  if (view.updated_at) reply.member("LastUpdateTimestamp", *view.updated_at);
  if (!source.description.is_null()) write_source(*stream, source, reply);
  reply.key("Destinations").begin_list();
  write_destination(view.destination, reply);
  reply.end_list().member("HasMoreDestinations", false).end_map().end_map();
  return {};
}

}  // namespace

extern const Operation kDescribeDeliveryStream =
    operation<&describe_delivery_stream>("DescribeDeliveryStream");

}  // namespace hydrant::firehose
