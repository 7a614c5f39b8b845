// AddTagsToStream: adds and overwrites. Whether the stream exists is asked before what the tags
// are.
#include "services/kinesis/tags.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  std::optional<Text> stream_name;
  aws::TextMap tags;
  std::optional<Text> stream_arn, stream_id;

  static constexpr auto shape() {
    return fields(field("StreamName", &Input::stream_name, kStreamName),
                  field("Tags", &Input::tags, kTags),
                  field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> add_tags_to_stream(Context& ctx, const Input& in, Writer&) {
  const auto stream = ctx.find_active(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();
  if (auto error = store_tags((*stream)->id(), (*stream)->tags(), in.tags))
    return *std::move(error);
  return {};
}

}  // namespace

extern const Operation kAddTagsToStream = operation<&add_tags_to_stream>("AddTagsToStream");

}  // namespace hydrant::kinesis
