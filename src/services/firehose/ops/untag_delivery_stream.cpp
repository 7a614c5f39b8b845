// UntagDeliveryStream. Keys of no tag are passed over.
#include "services/firehose/operation.h"

namespace hydrant::firehose {
namespace {

constexpr Rules kTagKeys = aws::list_of(kTagKey, 1, 50);

struct Input {
  Text delivery_stream_name;
  std::vector<Text> tag_keys;

  static constexpr auto shape() {
    return fields(field("DeliveryStreamName", &Input::delivery_stream_name, kDeliveryStreamName),
                  field("TagKeys", &Input::tag_keys, kTagKeys));
  }
};

Result<void> untag_delivery_stream(Context& ctx, const Input& in, Writer&) {
  const auto stream = ctx.find(in.delivery_stream_name);
  if (!stream) return not_found(ctx.identify(in.delivery_stream_name));
  Attachment::of(*stream).tags().remove(in.tag_keys);
  return {};
}

}  // namespace

extern const Operation kUntagDeliveryStream =
    operation<&untag_delivery_stream>("UntagDeliveryStream");

}  // namespace hydrant::firehose
