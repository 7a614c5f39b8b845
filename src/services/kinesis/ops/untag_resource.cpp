// UntagResource: RemoveTagsFromStream for streams and consumers.
#include "services/kinesis/resource.h"
#include "services/kinesis/tags.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  std::vector<Text> tag_keys;
  Text resource_arn;
  std::optional<Text> stream_id;

  static constexpr auto shape() {
    return fields(field("TagKeys", &Input::tag_keys, kTagKeys),
                  field("ResourceARN", &Input::resource_arn, kResourceArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> untag_resource(Context& ctx, const Input& in, Writer&) {
  const auto resource = find_active_resource(ctx, in.resource_arn);
  if (!resource) return resource.error();
  if (auto error = check_tag_keys(resource->stream->id(), in.tag_keys)) return *std::move(error);
  resource->tags().remove(in.tag_keys);
  return {};
}

}  // namespace

extern const Operation kUntagResource = operation<&untag_resource>("UntagResource");

}  // namespace hydrant::kinesis
