// ListDeliveryStreams: names in the order of their bytes. A start that names no delivery stream
// begins where that name would stand.
#include "services/firehose/operation.h"

namespace hydrant::firehose {
namespace {

constexpr std::int32_t kPageDefault = 10;

struct Input {
  std::optional<std::int32_t> limit;
  std::optional<Text> delivery_stream_type, exclusive_start_delivery_stream_name;

  static constexpr auto shape() {
    return fields(
        field("Limit", &Input::limit, range(1, 10'000)),
        field("DeliveryStreamType", &Input::delivery_stream_type, one_of(kDeliveryStreamTypes)),
        field("ExclusiveStartDeliveryStreamName", &Input::exclusive_start_delivery_stream_name,
              kDeliveryStreamName));
  }
};

Result<void> list_delivery_streams(Context& ctx, const Input& in, Writer& reply) {
  const std::string start(in.exclusive_start_delivery_stream_name.value_or(""));
  const auto page = static_cast<std::size_t>(in.limit.value_or(kPageDefault));
  const auto is_of_type = [&in](const delivery::DeliveryStream& stream) {
    return !in.delivery_stream_type ||
           *in.delivery_stream_type == Attachment::of(stream).source().type;
  };
  // The one behind the page tells that there are more.
  auto streams =
      ctx.environment.registry.list(ctx.call.account, ctx.call.region, start, page + 1, is_of_type);
  const bool more = streams.size() > page;
  if (more) streams.resize(page);

  reply.begin_map().key("DeliveryStreamNames").begin_list();
  for (const auto& stream : streams) reply.text(stream->id().name);
  reply.end_list().member("HasMoreDeliveryStreams", more).end_map();
  return {};
}

}  // namespace

extern const Operation kListDeliveryStreams =
    operation<&list_delivery_streams>("ListDeliveryStreams");

}  // namespace hydrant::firehose
