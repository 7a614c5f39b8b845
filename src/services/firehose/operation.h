// What the operations of Firehose share: their context, what is kept with a delivery stream, and
// common refusals.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/document.h"
#include "aws/operation.h"
#include "aws/shape.h"
#include "core/mutex.h"
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
inline constexpr Text kDirectPut = "DirectPut", kKinesisStreamAsSource = "KinesisStreamAsSource";

struct Context {
  Environment& environment;
  const aws::Call& call;

  delivery::DeliveryStreamId identify(Text name) const {
    return {call.account, call.region, std::string(name)};
  }
  StreamPtr find(Text name) const;  // null: none in the caller's account and region
};

// The destination as Describe shows it and UpdateDestination changes it: the attachment of a
// delivery stream. Thread-safe; its lock comes before that of the delivery stream.
class StoredDestination {
 public:
  struct View {
    Json description;
    std::string version_id;
    std::optional<TimePoint> updated_at;
  };

  explicit StoredDestination(Json description) : description_(std::move(description)) {}
  static StoredDestination& of(const delivery::DeliveryStream& stream) {
    return *static_cast<StoredDestination*>(stream.attachment().get());
  }

  View view(const delivery::DeliveryStream& stream) const;
  // False, and nothing changed, if the delivery stream is not at `version_id` any more.
  [[nodiscard]] bool update(delivery::DeliveryStream& stream, const std::string& version_id,
                            const delivery::S3Settings& settings, Json description);

 private:
  mutable Mutex mutex_;
  Json description_ GUARDED_BY(mutex_);
};

Text type_name(const delivery::DeliveryStream& stream);  // DirectPut, KinesisStreamAsSource

Error not_found(const delivery::DeliveryStreamId& id);
// `done`: what cannot happen to it yet ("deleted").
Error still_creating(const delivery::DeliveryStreamId& id, Text done);
Error already_exists(const delivery::DeliveryStreamId& id);

// The stream that the ARN of a source names.
streams::StreamId source_id(Text arn);

// What the two put operations answer when none of the records was taken.
std::optional<Error> put_refusal(const Context& context, const delivery::DeliveryStreamId& id,
                                 delivery::AppendStatus status);
Error slow_down();

// Fills `id` with a new RecordId: opaque, and not the recordId that a transform gets to see.
void make_record_id(Random& random, std::string& id);

}  // namespace hydrant::firehose
