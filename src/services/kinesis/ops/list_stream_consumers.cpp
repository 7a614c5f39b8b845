// ListStreamConsumers, in the order of their names. StreamARN stands beside a NextToken too.
#include "services/kinesis/consumers.h"
#include "services/kinesis/not_emulated.h"
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

constexpr std::int32_t kPageDefault = 100;

struct Input {
  Text stream_arn;
  std::optional<Text> next_token;
  std::optional<std::int32_t> max_results;
  std::optional<TimePoint> stream_creation_timestamp;
  std::optional<Text> stream_id;

  static constexpr auto shape() {
    return fields(field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("NextToken", &Input::next_token, kNextToken),
                  field("MaxResults", &Input::max_results, range(1, 10000)),
                  field("StreamCreationTimestamp", &Input::stream_creation_timestamp),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

// A stream that was created anew under the name is another one.
std::string identity_of(const streams::Stream& stream) {
  return stream.arn() + " " + std::to_string(stream.created_at().time_since_epoch().count());
}

// The name behind which the page begins.
Result<std::string> start_of(const Context& ctx, const streams::Stream& stream, const Input& in) {
  if (!in.next_token) return std::string();
  const auto values = open_page_token(ctx, *in.next_token, "consumers");
  if (!values) return values.error();
  if (values->size() != 2 || values->at(0) != identity_of(stream)) return invalid_next_token();
  return values->at(1);
}

Result<void> list_stream_consumers(Context& ctx, const Input& in, Writer& reply) {
  const auto stream = ctx.find(std::nullopt, in.stream_arn);
  if (!stream) return stream.error();
  const auto start = start_of(ctx, **stream, in);
  if (!start) return start.error();
  if (auto refused = note_creation_timestamp(ctx, in.stream_creation_timestamp, **stream))
    return *std::move(refused);

  const auto page = in.max_results.value_or(kPageDefault);
  std::int32_t listed = 0;
  std::string last;
  bool more = false;
  reply.begin_map().key("Consumers").begin_list();
  for (const auto& consumer : (*stream)->consumers()) {
    if (!start->empty() && consumer->name() <= *start) continue;
    if (listed == page) {
      more = true;
      break;
    }
    reply.begin_map();
    write_consumer(reply, *consumer);
    reply.end_map();
    last = consumer->name();
    ++listed;
  }
  reply.end_list();
  if (more)
    reply.key("NextToken").plain(seal_page_token(ctx, "consumers", {identity_of(**stream), last}));
  reply.end_map();
  return {};
}

}  // namespace

extern const Operation kListStreamConsumers =
    operation<&list_stream_consumers>("ListStreamConsumers");

}  // namespace hydrant::kinesis
