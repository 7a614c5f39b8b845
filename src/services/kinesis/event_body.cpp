#include "services/kinesis/event_body.h"

#include "aws/codec/json_reply_writer.h"
#include "aws/event_stream.h"
#include "services/kinesis/read_reply.h"

namespace hydrant::kinesis {

Error another_subscription(const streams::Subscription& subscription,
                           std::string_view consumer_name) {
  const auto& id = subscription.stream().id();
  return Error::in_use("Another active subscription exists for this consumer: " + id.account + ":" +
                       id.name + ":" + subscription.shard().id() + ":" +
                       std::string(consumer_name));
}

EventBody::EventBody(std::shared_ptr<streams::Subscription> subscription, std::string consumer_name)
    : subscription_(std::move(subscription)), consumer_name_(std::move(consumer_name)) {}

void EventBody::start(std::function<void()> wake) { subscription_->start(std::move(wake)); }

net::BodyStream::Next EventBody::read(std::string& out) {
  if (!std::exchange(begun_, true)) {
    aws::append_initial_response(out);
    return Next::more;
  }
  const auto next = subscription_->next();
  if (std::holds_alternative<streams::NothingYet>(next)) return Next::wait;
  if (const auto* why = std::get_if<streams::SubscriptionEnd>(&next)) return append_end(out, *why);
  append_event(out, std::get<streams::Event>(next));
  return Next::more;
}

// Consumers go by the members: ChildShards and no ContinuationSequenceNumber is the end of the
// shard, the other way round is every other event.
void EventBody::append_event(std::string& out, const streams::Event& event) const {
  auto message = aws::EventMessage::event(out, "SubscribeToShardEvent");
  aws::JsonReplyWriter writer(out);
  writer.begin_map();
  write_records(writer, event.read);
  if (event.read.at_end) {
    write_children(writer, subscription_->stream(), subscription_->shard().number());
  } else {
    writer.key("ContinuationSequenceNumber").plain(event.continuation.str());
  }
  writer.member("MillisBehindLatest", event.read.millis_behind);
  writer.end_map();
  message.finish();
}

net::BodyStream::Next EventBody::append_end(std::string& out, streams::SubscriptionEnd why) const {
  using streams::SubscriptionEnd;
  const auto& id = subscription_->stream().id();
  if (why == SubscriptionEnd::taken_over)
    aws::append_exception(out, another_subscription(*subscription_, consumer_name_));
  if (why == SubscriptionEnd::stream_gone) aws::append_exception(out, stream_not_found(id));
  if (why == SubscriptionEnd::consumer_gone)
    aws::append_exception(out, Error::not_found("Consumer " + consumer_name_ + ", account " +
                                                id.account + " not found."));
  return Next::end;
}

}  // namespace hydrant::kinesis
