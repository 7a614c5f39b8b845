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

bool is_listed(const delivery::DeliveryStream& stream, const Input& in) {
  if (in.exclusive_start_delivery_stream_name &&
      stream.id().name <= *in.exclusive_start_delivery_stream_name)
    return false;
  return !in.delivery_stream_type ||
         *in.delivery_stream_type == Attachment::of(stream).source().type;
}

Result<void> list_delivery_streams(Context& ctx, const Input& in, Writer& reply) {
  auto streams = ctx.environment.registry.list(ctx.call.account, ctx.call.region);
  std::erase_if(streams, [&](const StreamPtr& stream) { return !is_listed(*stream, in); });
  const auto page = static_cast<std::size_t>(in.limit.value_or(kPageDefault));
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
