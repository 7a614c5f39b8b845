// SubscribeToShard. What is wrong with the request is said in an ordinary answer; from then on the
// stream of events itself tells how it ends.
#include "engine/streams/subscription.h"
#include "services/kinesis/consumers.h"
#include "services/kinesis/event_body.h"
#include "services/kinesis/not_emulated.h"
#include "services/kinesis/operation.h"
#include "services/kinesis/starting_position.h"

namespace hydrant::kinesis {
namespace {

struct Position {
  Text type;
  std::optional<Text> sequence_number;
  std::optional<TimePoint> timestamp;

  static constexpr auto shape() {
    return fields(field("Type", &Position::type, one_of(kStartingPositions)),
                  field("SequenceNumber", &Position::sequence_number, kSequenceNumber),
                  field("Timestamp", &Position::timestamp));
  }
};

struct Input {
  Text consumer_arn, shard_id;
  Position starting_position;
  std::optional<Text> stream_id;
  std::optional<bool> dry_run;

  static constexpr auto shape() {
    return fields(field("ConsumerARN", &Input::consumer_arn, kConsumerArn),
                  field("ShardId", &Input::shard_id, kShardId),
                  field("StartingPosition", &Input::starting_position),
                  field("StreamId", &Input::stream_id, kStreamId),
                  field("DryRun", &Input::dry_run));
  }
};

// One subscription to a consumer and shard at a time, and not more than a call a second.
std::optional<Error> enter(const Context& ctx, streams::Consumer& consumer,
                           const std::shared_ptr<streams::Subscription>& subscription) {
  using Verdict = streams::SubscriptionTable::Verdict;
  const auto& id = subscription->stream().id();
  switch (consumer.subscriptions().enter(subscription, ctx.now())) {
    case Verdict::granted:
      return std::nullopt;
    case Verdict::held:
      return another_subscription(*subscription, consumer.name());
    case Verdict::too_often:
      break;
  }
  return Error::limit_exceeded("Rate exceeded for consumer " + consumer.name() + " and shard " +
                               subscription->shard().id() + " in stream " + id.name +
                               " under account " + id.account + ".");
}

Result<std::shared_ptr<net::BodyStream>> subscribe_to_shard(Context& ctx, const Input& in) {
  const auto found = find_consumer(ctx, in.consumer_arn, std::nullopt, std::nullopt);
  if (!found) return found.error();
  const auto& [stream, consumer] = *found;
  const auto number = streams::parse_shard_id(in.shard_id);
  if (!number) return shard_unreadable(in.shard_id, stream->id());
  if (consumer->status() != streams::ConsumerStatus::active)
    return consumer_not_active(*consumer, stream->id());
  const auto shard = stream->shard(*number);
  if (!shard) return shard_does_not_exist(*number, stream->id());

  const auto& start = in.starting_position;
  const auto from =
      position_in(ctx, stream->id(), *shard, {start.type, start.sequence_number, start.timestamp},
                  "SubscribeToShard");
  if (!from) return from.error();
  if (auto refused = note_dry_run(ctx, in.dry_run, stream->id())) return *std::move(refused);
  auto subscription = std::make_shared<streams::Subscription>(stream, shard, *from);
  if (auto error = enter(ctx, *consumer, subscription)) return *std::move(error);
  return std::make_shared<EventBody>(std::move(subscription), consumer->name());
}

}  // namespace

extern const Operation kSubscribeToShard =
    aws::stream_operation<&subscribe_to_shard>("SubscribeToShard");

}  // namespace hydrant::kinesis
