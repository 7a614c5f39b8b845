// IncreaseStreamRetentionPeriod. What has been trimmed does not come back.
#include "services/kinesis/operation.h"
#include "services/kinesis/retention.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  std::optional<Text> stream_name;
  std::int32_t retention_period_hours;
  std::optional<Text> stream_arn, stream_id;

  static constexpr auto shape() {
    return fields(field("StreamName", &Input::stream_name, kStreamName),
                  field("RetentionPeriodHours", &Input::retention_period_hours),
                  field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> increase_stream_retention_period(Context& ctx, const Input& in, Writer&) {
  const auto wanted = in.retention_period_hours;
  const auto stream = ctx.find(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();
  if (auto error = check_retention(wanted)) return *std::move(error);
  if (auto error = check_active(**stream)) return *std::move(error);
  const auto present = (*stream)->settings().retention_hours;
  if (wanted < present)
    return Error::invalid_argument(
        "Requested retention period (" + std::to_string(wanted) + " hours) for stream " +
        (*stream)->id().name + " can not be shorter than existing retention period (" +
        std::to_string(present) + " hours). Use DecreaseRetentionPeriod API.");
  return set_retention(ctx, *stream, wanted);
}

}  // namespace

extern const Operation kIncreaseStreamRetentionPeriod =
    operation<&increase_stream_retention_period>("IncreaseStreamRetentionPeriod");

}  // namespace hydrant::kinesis
