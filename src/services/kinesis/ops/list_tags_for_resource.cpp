// ListTagsForResource: all at once, there are at most fifty.
#include "services/kinesis/resource.h"
#include "services/kinesis/tags.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  Text resource_arn;
  std::optional<Text> stream_id;

  static constexpr auto shape() {
    return fields(field("ResourceARN", &Input::resource_arn, kResourceArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

Result<void> list_tags_for_resource(Context& ctx, const Input& in, Writer& reply) {
  const auto resource = find_resource(ctx, in.resource_arn);
  if (!resource) return resource.error();
  reply.begin_map().key("Tags").begin_list();
  for (const auto& [key, value] : resource->tags().all()) write_tag(reply, key, value);
  reply.end_list().end_map();
  return {};
}

}  // namespace

extern const Operation kListTagsForResource =
    operation<&list_tags_for_resource>("ListTagsForResource");

}  // namespace hydrant::kinesis
