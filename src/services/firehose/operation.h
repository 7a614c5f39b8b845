// What the operations of Firehose share: their context, what is kept with a delivery stream, and
// common refusals.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/document.h"
#include "aws/operation.h"
#include "aws/shape.h"
#include "services/firehose/attachment.h"
#include "services/firehose/rules.h"
#include "services/firehose/service.h"

namespace hydrant::firehose {

using aws::Blob;
using aws::Error;
using aws::field;
using aws::fields;
using aws::Json;
using aws::length;
using aws::one_of;
using aws::Operation;
using aws::operation;
using aws::range;
using aws::Result;
using aws::Rules;
using aws::Writer;
using Text = std::string_view;
using StreamPtr = std::shared_ptr<delivery::DeliveryStream>;

// Since about 2021 the service leaves the offending value out of its messages.
inline constexpr bool kShowValues = false;
inline constexpr Text kDestinationId =
    "destinationId-000000000001";  // of every destination there is
inline constexpr Text kDirectPut = "DirectPut", kKinesisStreamAsSource = "KinesisStreamAsSource",
                      kMskAsSource = "MSKAsSource", kDatabaseAsSource = "DatabaseAsSource";

struct Context {
  Environment& environment;
  const aws::Call& call;

  delivery::DeliveryStreamId identify(Text name) const {
    return {call.account, call.region, std::string(name)};
  }
  StreamPtr find(Text name) const;  // null: none in the caller's account and region
};

// CREATING, CREATING_FAILED, ACTIVE, DELETING
Text status_of(const delivery::DeliveryStream& stream);

// What a destination of the caller is checked against.
Terms terms_of(const Context& context);

Error not_found(const delivery::DeliveryStreamId& id);
// `done`: what cannot happen to it in that state ("deleted").
Error in_state(const delivery::DeliveryStreamId& id, Text state, Text done);
Error already_exists(const delivery::DeliveryStreamId& id);
Error only_for_direct_put();  // encryption
Error too_many_tags(const delivery::DeliveryStreamId& id);
std::vector<Tag> tags_of(const Json& list);

// The stream that the ARN of a source names.
streams::StreamId source_id(Text arn);

// Why the key of a request cannot be had, in the terms of FailureDescription; none if it can.
std::optional<Failure> grant_failure(const Context& context, const KeyChoice& key);
// The key that a request asks for; `input` may be null, which asks for AWS's own.
Result<KeyChoice> key_of(const Context& context, const Json* input);

// The delivery stream whose encryption is to be switched on or off, if that can be now.
Result<StreamPtr> find_for_encryption(const Context& context, Text name);
std::optional<Error> admit_encryption_change(const Context& context,
                                             const delivery::DeliveryStream& stream);

// Why none of the records that are put will be taken, as far as the source, the key and what the
// records are decide about that; and whether they are encrypted.
Result<bool> admit_put(const Context& context, const delivery::DeliveryStream& stream,
                       std::span<const Text> records);
// What the two put operations answer when none of the records was taken.
std::optional<Error> put_refusal(const Context& context, const delivery::DeliveryStreamId& id,
                                 delivery::AppendStatus status);
Error slow_down();

// The RecordIds of one call: opaque, and not the recordIds that a transform gets to see. Most of
// each is the call's, the end its own.
class RecordIds {
 public:
  explicit RecordIds(Random& random);
  std::string_view next();  // valid until the next one

 private:
  Random random_;  // one draw from the shared source, so that 500 records do not hold up others
  std::string id_;
};

}  // namespace hydrant::firehose
