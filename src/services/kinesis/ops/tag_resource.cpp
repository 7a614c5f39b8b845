// TagResource: AddTagsToStream for streams and consumers.
#include "services/kinesis/resource.h"
#include "services/kinesis/tags.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  aws::TextMap tags;
  Text resource_arn;
  std::optional<Text> stream_id;

  static constexpr auto shape() {
    return fields(field("Tags", &Input::tags, kTags),
                  field("ResourceARN", &Input::resource_arn, kResourceArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> tag_resource(Context& ctx, const Input& in, Writer&) {
  const auto resource = find_active_resource(ctx, in.resource_arn);
  if (!resource) return resource.error();
  if (auto error = store_tags(resource->stream->id(), resource->tags(), in.tags))
    return *std::move(error);
  return {};
}

}  // namespace

extern const Operation kTagResource = operation<&tag_resource>("TagResource");

}  // namespace hydrant::kinesis
