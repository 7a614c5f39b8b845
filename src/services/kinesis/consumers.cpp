#include "services/kinesis/consumers.h"

#include <algorithm>

namespace hydrant::kinesis {
namespace {

constexpr Text kConsumerPart = "/consumer/";

bool is_digits(Text text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// arn:aws.*:kinesis:.*:\d{12}:.* : what stands before "stream/".
bool is_arn_head(Text text) {
  constexpr Text kHead = "arn:aws", kService = ":kinesis:";
  constexpr std::size_t kAccountDigits = 12;
  if (!text.starts_with(kHead) || text.find('\n') != Text::npos) return false;
  const auto service = text.find(kService, kHead.size());
  if (service == Text::npos) return false;
  for (auto at = text.find(':', service + kService.size() - 1); at != Text::npos;
       at = text.find(':', at + 1)) {
    const auto rest = text.substr(at + 1);
    if (rest.size() > kAccountDigits && rest[kAccountDigits] == ':' &&
        at >= service + kService.size() && is_digits(rest.substr(0, kAccountDigits)))
      return true;
  }
  return false;
}

struct ConsumerArn {
  Text stream_arn, name;
};

// Of an ARN that has the form of one.
ConsumerArn split_arn(Text arn) {
  const auto at = arn.rfind(kConsumerPart);
  const auto rest = arn.substr(at + kConsumerPart.size());
  return {arn.substr(0, at), rest.substr(0, rest.rfind(':'))};
}

}  // namespace

bool is_consumer_arn(Text text) {
  const auto at = text.rfind(kConsumerPart);
  if (at == Text::npos) return false;
  const auto stream = text.substr(0, at), consumer = text.substr(at + kConsumerPart.size());
  const auto colon = consumer.find(':'), slash = stream.rfind('/');
  if (colon == Text::npos || slash == Text::npos) return false;
  constexpr Text kStream = "stream";
  const auto head = stream.substr(0, slash);
  return is_resource_name(consumer.substr(0, colon)) && is_digits(consumer.substr(colon + 1)) &&
         is_resource_name(stream.substr(slash + 1)) && head.ends_with(kStream) &&
         is_arn_head(head.substr(0, head.size() - kStream.size()));
}

Result<FoundConsumer> find_consumer(const Context& ctx, std::optional<Text> consumer_arn,
                                    std::optional<Text> stream_arn, std::optional<Text> name) {
  if (!consumer_arn && (!stream_arn || !name))
    return Error::invalid_argument(
        "Either ConsumerARN or both StreamARN and ConsumerName must be provided.");
  if (consumer_arn) {
    const auto parts = split_arn(*consumer_arn);
    if ((stream_arn && *stream_arn != parts.stream_arn) || (name && *name != parts.name))
      return Error::invalid_argument("ConsumerARN does not match StreamARN and ConsumerName.");
    stream_arn = parts.stream_arn;
    name = parts.name;
  }
  const auto stream = ctx.find(std::nullopt, stream_arn);
  if (!stream) return stream.error();
  auto consumer = (*stream)->consumer(*name);
  // One of an earlier time has another second in its ARN.
  if (!consumer || (consumer_arn && consumer->arn() != *consumer_arn))
    return consumer_not_found(*name, (*stream)->id());
  return FoundConsumer{*stream, std::move(consumer)};
}

Error consumer_not_found(Text name, const streams::StreamId& id) {
  return Error::not_found("Consumer " + std::string(name) + ", account " + id.account +
                          " not found.");
}

Error consumer_not_active(const streams::Consumer& consumer, const streams::StreamId& id) {
  return Error::in_use("Consumer " + consumer.name() + " with creation timestamp " +
                       std::to_string(epoch_seconds(consumer.created_at())) + " under stream: " +
                       id.name + " , account " + id.account + " is not in ACTIVE status.");
}

void write_consumer(Writer& reply, const streams::Consumer& consumer) {
  reply.member("ConsumerName", consumer.name()).member("ConsumerARN", consumer.arn());
  reply.member("ConsumerStatus", streams::status_name(consumer.status()));
  reply.member("ConsumerCreationTimestamp", consumer.created_at());
}

}  // namespace hydrant::kinesis
