// ListTagsForDeliveryStream: in the order in which they were added. A start that is no tag begins
// with the first.
#include "services/firehose/operation.h"

namespace hydrant::firehose {
namespace {

struct Input {
  Text delivery_stream_name;
  std::optional<Text> exclusive_start_tag_key;
  std::optional<std::int32_t> limit;

  static constexpr auto shape() {
    return fields(field("DeliveryStreamName", &Input::delivery_stream_name, kDeliveryStreamName),
                  field("ExclusiveStartTagKey", &Input::exclusive_start_tag_key, kTagKey),
                  field("Limit", &Input::limit, range(1, kTagsMax)));
  }
};

Result<void> list_tags_for_delivery_stream(Context& ctx, const Input& in, Writer& reply) {
  const auto stream = ctx.find(in.delivery_stream_name);
  if (!stream) return not_found(ctx.identify(in.delivery_stream_name));
  const auto limit = static_cast<std::size_t>(in.limit.value_or(kTagsMax));
  const auto page = Attachment::of(*stream).tags().list(in.exclusive_start_tag_key, limit);
  reply.begin_map().key("Tags").begin_list();
  for (const auto& tag : page.tags) {
    reply.begin_map().member("Key", tag.key);
    if (tag.value) reply.member("Value", *tag.value);
    reply.end_map();
  }
  reply.end_list().member("HasMoreTags", page.has_more).end_map();
  return {};
}

}  // namespace

extern const Operation kListTagsForDeliveryStream =
    operation<&list_tags_for_delivery_stream>("ListTagsForDeliveryStream");

}  // namespace hydrant::firehose
