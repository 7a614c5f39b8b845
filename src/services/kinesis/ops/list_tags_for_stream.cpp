// ListTagsForStream: in the order of the code points of the keys.
#include "services/kinesis/tags.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  std::optional<Text> stream_name, exclusive_start_tag_key;
  std::optional<std::int32_t> limit;
  std::optional<Text> stream_arn, stream_id;

  static constexpr auto shape() {
    return fields(field("StreamName", &Input::stream_name, kStreamName),
                  field("ExclusiveStartTagKey", &Input::exclusive_start_tag_key, kTagKey),
                  field("Limit", &Input::limit, range(1, streams::kTagsMax)),
                  field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

// The start key need not exist, nor be one that could.
Result<void> list_tags_for_stream(Context& ctx, const Input& in, Writer& reply) {
  const auto stream = ctx.find(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();
  const auto tags = (*stream)->tags().all();
  auto tag =
      in.exclusive_start_tag_key ? tags.upper_bound(*in.exclusive_start_tag_key) : tags.begin();
  reply.begin_map().key("Tags").begin_list();
  for (auto left = in.limit.value_or(streams::kTagsMax); tag != tags.end() && left > 0; --left) {
    write_tag(reply, tag->first, tag->second);
    ++tag;
  }
  reply.end_list().member("HasMoreTags", tag != tags.end()).end_map();
  return {};
}

}  // namespace

extern const Operation kListTagsForStream = operation<&list_tags_for_stream>("ListTagsForStream");

}  // namespace hydrant::kinesis
