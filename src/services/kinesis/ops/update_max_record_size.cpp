// UpdateMaxRecordSize. Larger records need a larger bucket: the shards' limits follow.
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  std::optional<Text> stream_arn;
  std::int32_t max_record_size_in_kib;
  std::optional<Text> stream_id;

  static constexpr auto shape() {
    return fields(field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("MaxRecordSizeInKiB", &Input::max_record_size_in_kib, range(1024, 10240)),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> update_max_record_size(Context& ctx, const Input& in, Writer&) {
  const auto stream = ctx.find_active(std::nullopt, in.stream_arn);
  if (!stream) return stream.error();
  const auto resize = [kib = in.max_record_size_in_kib](streams::StreamSettings& settings) {
    settings.record_size_max_kib = kib;
  };
  if (!ctx.environment.registry.update(
          *stream, [resize](streams::Stream& target) { target.change_settings(resize); }))
    return not_active((*stream)->id(), (*stream)->status());
  return {};
}

}  // namespace

extern const Operation kUpdateMaxRecordSize =
    operation<&update_max_record_size>("UpdateMaxRecordSize");

}  // namespace hydrant::kinesis
