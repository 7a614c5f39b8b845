// DeleteStream. Taken in every status; asking again while it is DELETING succeeds.
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  std::optional<Text> stream_name;
  std::optional<bool> enforce_consumer_deletion;
  std::optional<Text> stream_arn, stream_id;

  static constexpr auto shape() {
    return fields(field("StreamName", &Input::stream_name, kStreamName),
                  field("EnforceConsumerDeletion", &Input::enforce_consumer_deletion),
                  field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> delete_stream(Context& ctx, const Input& in, Writer&) {
  const auto stream = ctx.find(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();
  if ((*stream)->status() == streams::Status::deleting) return {};
  const auto& id = (*stream)->id();
  if (!in.enforce_consumer_deletion.value_or(false) && !(*stream)->consumers().empty())
    return Error::in_use(
        "DeleteStream can't delete " + id.account + ":" + id.name +
        " because there are consumers associated with this data stream. To delete " + id.name +
        " anyway, set the EnforceConsumerDeletion parameter to true to force the deletion of all "
        "the consumers that are associated with it.");
  ctx.environment.registry.remove(*stream);
  return {};
}

}  // namespace

extern const Operation kDeleteStream = operation<&delete_stream>("DeleteStream");

}  // namespace hydrant::kinesis
