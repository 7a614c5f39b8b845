// EventBody: a subscription as the body of a reply. Events are JSON whatever codec the request had:
// the service itself cannot do otherwise.
#pragma once
#include <memory>
#include <string>

#include "aws/error.h"
#include "engine/streams/subscription.h"
#include "net/message.h"

namespace hydrant::kinesis {

class EventBody final : public net::BodyStream {
 public:
  // The name stands in the sentence that ends it when another takes it over.
  EventBody(std::shared_ptr<streams::Subscription> subscription, std::string consumer_name);

  void start(std::function<void()> wake) override;
  Next read(std::string& out) override;

 private:
  void append_event(std::string& out, const streams::Event& event) const;
  Next append_end(std::string& out, streams::SubscriptionEnd why) const;

  const std::shared_ptr<streams::Subscription> subscription_;
  const std::string consumer_name_;
  bool begun_ = false;
};

// What both the call that comes too early and the subscription that was taken over are told.
aws::Error another_subscription(const streams::Subscription& subscription,
                                std::string_view consumer_name);

}  // namespace hydrant::kinesis
