// RegisterStreamConsumer. The ARN tells a consumer from an earlier one of the same name by the
// second of its creation.
#include <algorithm>

#include "services/kinesis/capacity.h"
#include "services/kinesis/consumers.h"
#include "services/kinesis/tags.h"

namespace hydrant::kinesis {
namespace {

constexpr std::int64_t kConsumersMax = 20;
constexpr std::int64_t kConsumersMaxCommitted = 50;  // on-demand, with the billing commitment
constexpr std::int64_t kCreatingMax = 5;

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

std::optional<Error> over_limit(const Context& ctx, const streams::Stream& stream) {
  const bool on_demand = stream.settings().mode == streams::Mode::on_demand;
  const auto consumers_max =
      on_demand && has_commitment(ctx) ? kConsumersMaxCommitted : kConsumersMax;
  const auto consumers = stream.consumers();
  const auto creating = std::ranges::count(consumers, streams::ConsumerStatus::creating,
                                           [](const auto& consumer) { return consumer->status(); });
  const auto& id = stream.id();
  if (static_cast<std::int64_t>(consumers.size()) >= consumers_max)
    return Error::limit_exceeded(
        "This request would exceed the limit on the number of consumers of stream " + id.name +
        " under account " + id.account + ". Limit: " + std::to_string(consumers_max));
  if (creating >= kCreatingMax)
    return Error::limit_exceeded(
        "This request would exceed the limit on the number of consumers in CREATING state. "
        "Limit: " +
        std::to_string(kCreatingMax));
  return std::nullopt;
}

Result<void> register_stream_consumer(Context& ctx, const Input& in, Writer& reply) {
  const auto stream = ctx.find_active(std::nullopt, in.stream_arn);
  if (!stream) return stream.error();
  const auto& id = (*stream)->id();
  const std::string name(in.consumer_name);
  const auto taken = Error::in_use("Consumer " + name + " under stream " + id.name +
                                   " already exists for account " + id.account);
  if ((*stream)->consumer(name)) return taken;
  if (auto error = over_limit(ctx, **stream)) return *std::move(error);
  if (in.tags) {
    if (auto error = check_tags(id, *in.tags)) return *std::move(error);
  }
  const auto consumer = ctx.environment.registry.register_consumer(*stream, name);
  if (!consumer) return taken;
  if (in.tags) consumer->tags().put(*in.tags);
  reply.begin_map().key("Consumer").begin_map();
  reply.member("ConsumerName", consumer->name()).member("ConsumerARN", consumer->arn());
  // Without a delay it may be ACTIVE by now; clients are told CREATING all the same.
  reply.member("ConsumerStatus", "CREATING");
  reply.member("ConsumerCreationTimestamp", consumer->created_at()).end_map().end_map();
  return {};
}

}  // namespace

extern const Operation kRegisterStreamConsumer =
    operation<&register_stream_consumer>("RegisterStreamConsumer");

}  // namespace hydrant::kinesis
