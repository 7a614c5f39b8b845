// TagDeliveryStream. A tag that is there already gets the new value.
#include "services/firehose/operation.h"
#include "services/firehose/shapes/requests.h"

namespace hydrant::firehose {
namespace {

Result<void> tag_delivery_stream(Context& ctx, const Json& in, Writer&) {
  const auto stream = ctx.find(in["DeliveryStreamName"].get_ref<const std::string&>());
  if (!stream) return not_found(ctx.identify(in["DeliveryStreamName"].get<std::string>()));
  if (!Attachment::of(*stream).tags().add(tags_of(in["Tags"]))) return too_many_tags(stream->id());
  return {};
}

}  // namespace

extern const Operation kTagDeliveryStream =
    aws::document_operation<&tag_delivery_stream, &shapes::tag_delivery_stream>(
        "TagDeliveryStream");

}  // namespace hydrant::firehose
