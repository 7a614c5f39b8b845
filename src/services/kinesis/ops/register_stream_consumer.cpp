// RegisterStreamConsumer. The ARN tells a consumer from an earlier one of the same name by the
// second of its creation.
#include "services/kinesis/capacity.h"
#include "services/kinesis/consumers.h"
#include "services/kinesis/tags.h"

namespace hydrant::kinesis {
namespace {

constexpr std::size_t kConsumersMaxCommitted = 50;  // on-demand, with the billing commitment

struct Input {
  Text stream_arn, consumer_name;
  std::optional<aws::TextMap> tags;
  std::optional<Text> stream_id;

  static constexpr auto shape() {
    return fields(field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("ConsumerName", &Input::consumer_name, kConsumerName),
                  field("Tags", &Input::tags, kTags),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

streams::ConsumerLimits limits_of(const Context& ctx, const streams::Stream& stream) {
  streams::ConsumerLimits limits;
  if (stream.settings().mode == streams::Mode::on_demand && has_commitment(ctx))
    limits.consumers_max = kConsumersMaxCommitted;
  return limits;
}

Error refusal(streams::ConsumerRefusal why, Text name, const streams::StreamId& id,
              const streams::ConsumerLimits& limits) {
  using streams::ConsumerRefusal;
  if (why == ConsumerRefusal::exists)
    return Error::in_use("Consumer " + std::string(name) + " under stream " + id.name +
                         " already exists for account " + id.account);
  if (why == ConsumerRefusal::too_many)
    return Error::limit_exceeded(
        "This request would exceed the limit on the number of consumers of stream " + id.name +
        " under account " + id.account + ". Limit: " + std::to_string(limits.consumers_max));
  return Error::limit_exceeded(
      "This request would exceed the limit on the number of consumers in CREATING state. Limit: " +
      std::to_string(limits.creating_max));
}

Result<void> register_stream_consumer(Context& ctx, const Input& in, Writer& reply) {
  const auto stream = ctx.find_active(std::nullopt, in.stream_arn);
  if (!stream) return stream.error();
  if (in.tags) {
    if (auto error = check_tags((*stream)->id(), *in.tags)) return *std::move(error);
  }
  const auto limits = limits_of(ctx, **stream);
  const auto outcome =
      ctx.environment.registry.register_consumer(*stream, std::string(in.consumer_name), limits);
  if (const auto* why = std::get_if<streams::ConsumerRefusal>(&outcome))
    return refusal(*why, in.consumer_name, (*stream)->id(), limits);
  auto& consumer = *std::get<streams::ConsumerPtr>(outcome);
  if (in.tags) consumer.tags().put(*in.tags);
  reply.begin_map().key("Consumer").begin_map();
  reply.member("ConsumerName", consumer.name()).member("ConsumerARN", consumer.arn());
  // Without a delay it may be ACTIVE by now; clients are told CREATING all the same.
  reply.member("ConsumerStatus", "CREATING");
  reply.member("ConsumerCreationTimestamp", consumer.created_at()).end_map().end_map();
  return {};
}

}  // namespace

extern const Operation kRegisterStreamConsumer =
    operation<&register_stream_consumer>("RegisterStreamConsumer");

}  // namespace hydrant::kinesis
