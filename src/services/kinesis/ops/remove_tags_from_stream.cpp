// RemoveTagsFromStream. Keys that the stream does not have are passed over.
#include "services/kinesis/tags.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  std::optional<Text> stream_name;
  std::vector<Text> tag_keys;
  std::optional<Text> stream_arn, stream_id;

  static constexpr auto shape() {
    return fields(field("StreamName", &Input::stream_name, kStreamName),
                  field("TagKeys", &Input::tag_keys, kTagKeys),
                  field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> remove_tags_from_stream(Context& ctx, const Input& in, Writer&) {
  const auto stream = ctx.find_active(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();
  if (auto error = check_tag_keys((*stream)->id(), in.tag_keys)) return *std::move(error);
  (*stream)->tags().remove(in.tag_keys);
  return {};
}

}  // namespace

extern const Operation kRemoveTagsFromStream =
    operation<&remove_tags_from_stream>("RemoveTagsFromStream");

}  // namespace hydrant::kinesis
