// ListStreams: names in the order of their code points, with a summary of each.
#include <charconv>

#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

constexpr std::int32_t kPageMax = 100;  // also when the request allows more

struct Input {
  std::optional<std::int32_t> limit;
  std::optional<Text> exclusive_start_stream_name, next_token;

  static constexpr auto shape() {
    return fields(
        field("Limit", &Input::limit, range(1, 10000)),
        field("ExclusiveStartStreamName", &Input::exclusive_start_stream_name, kStreamName),
        field("NextToken", &Input::next_token, kNextToken));
  }
};

// The name behind which the page begins.
Result<std::string> start_of(const Context& ctx, const Input& in) {
  std::string start(in.exclusive_start_stream_name.value_or(""));
  if (!in.next_token) return start;
  const auto values = open_fields(ctx, *in.next_token);
  if (!values || values->size() != 3 || values->at(0) != "streams")
    return Error::invalid_argument("NextToken is invalid.");
  std::int64_t issued = 0;
  std::from_chars(values->at(1).data(), values->at(1).data() + values->at(1).size(), issued);
  if (ctx.now() - TimePoint(Duration(issued)) > kTokenLife)
    return Error{"ExpiredNextTokenException",
                 "NextToken expired. It is valid for 300 seconds after it was issued."};
  return std::max(start, values->at(2));
}

void write_summary(Writer& reply, const streams::Stream& stream) {
  reply.begin_map().member("StreamName", stream.id().name).member("StreamARN", stream.arn());
  reply.member("StreamStatus", streams::status_name(stream.status()));
  reply.key("StreamModeDetails").begin_map();
  reply.member("StreamMode", mode_name(stream.settings().mode)).end_map();
  reply.member("StreamCreationTimestamp", creation_timestamp(stream)).end_map();
}

Result<void> list_streams(Context& ctx, const Input& in, Writer& reply) {
  const auto start = start_of(ctx, in);
  if (!start) return start.error();
  const auto page = static_cast<std::size_t>(std::min(in.limit.value_or(kPageMax), kPageMax));
  // The one behind the page tells that there are more.
  auto streams = ctx.environment.registry.list(ctx.call.account, ctx.call.region, *start, page + 1);
  const bool more = streams.size() > page;
  if (more) streams.resize(page);

  reply.begin_map().key("StreamNames").begin_list();
  for (const auto& stream : streams) reply.text(stream->id().name);
  reply.end_list().member("HasMoreStreams", more);
  if (more)
    reply.key("NextToken")
        .plain(seal_fields(ctx, {"streams", std::to_string(ctx.now().time_since_epoch().count()),
                                 streams.back()->id().name}));
  reply.key("StreamSummaries").begin_list();
  for (const auto& stream : streams) write_summary(reply, *stream);
  reply.end_list().end_map();
  return {};
}

}  // namespace

extern const Operation kListStreams = operation<&list_streams>("ListStreams");

}  // namespace hydrant::kinesis
