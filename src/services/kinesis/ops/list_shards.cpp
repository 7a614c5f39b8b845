// ListShards. A NextToken carries the whole question, so nothing may stand beside it but
// MaxResults.
#include <charconv>

#include "services/kinesis/not_emulated.h"
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

constexpr std::int32_t kPageDefault = 1000;
constexpr std::string_view kFilterTypes[] = {"AFTER_SHARD_ID",    "AT_TRIM_HORIZON",
                                             "FROM_TRIM_HORIZON", "AT_LATEST",
                                             "AT_TIMESTAMP",      "FROM_TIMESTAMP"};

struct ShardFilter {
  Text type;
  std::optional<Text> shard_id;
  std::optional<TimePoint> timestamp;

  static constexpr auto shape() {
    return fields(field("Type", &ShardFilter::type, one_of(kFilterTypes)),
                  field("ShardId", &ShardFilter::shard_id, kShardId),
                  field("Timestamp", &ShardFilter::timestamp));
  }
};

struct Input {
  std::optional<Text> stream_name, next_token, exclusive_start_shard_id;
  std::optional<std::int32_t> max_results;
  std::optional<TimePoint> stream_creation_timestamp;
  std::optional<ShardFilter> shard_filter;
  std::optional<Text> stream_arn, stream_id;

  static constexpr auto shape() {
    return fields(field("StreamName", &Input::stream_name, kStreamName),
                  field("NextToken", &Input::next_token, kNextToken),
                  field("ExclusiveStartShardId", &Input::exclusive_start_shard_id, kShardId),
                  field("MaxResults", &Input::max_results, range(1, 10000)),
                  field("StreamCreationTimestamp", &Input::stream_creation_timestamp),
                  field("ShardFilter", &Input::shard_filter),
                  field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamId", &Input::stream_id, kStreamId));
  }
};

// The question, from the request or from a token.
struct Query {
  streams::StreamId stream;
  std::int32_t after = -1;
  std::string filter = "FROM_TRIM_HORIZON";
  TimePoint time;  // of the filters that have one
};

std::int64_t number_of(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<Error> check_alone(const Input& in) {
  const auto together = [](std::string_view member) {
    return Error::invalid_argument("NextToken and " + std::string(member) +
                                   " cannot be provided together.");
  };
  if (in.stream_name) return together("StreamName");
  if (in.stream_arn) return together("StreamARN");
  if (in.exclusive_start_shard_id) return together("ExclusiveStartShardId");
  if (in.shard_filter) return together("ShardFilter");
  if (in.stream_creation_timestamp) return together("StreamCreationTimestamp");
  return std::nullopt;
}

Result<Query> query_of_token(const Context& ctx, const Input& in) {
  if (auto error = check_alone(in)) return *std::move(error);
  const auto values = open_fields(ctx, *in.next_token);
  if (!values || values->size() != 8 || values->at(0) != "shards")
    return Error::invalid_argument("NextToken is invalid.");
  const TimePoint issued{Duration(number_of(values->at(1)))};
  if (ctx.now() - issued > kTokenLife)
    return Error{"ExpiredNextTokenException",
                 "NextToken expired. It is valid for 300 seconds after it was issued."};
  Query query;
  query.stream = {values->at(2), values->at(3), values->at(4)};
  query.after = static_cast<std::int32_t>(number_of(values->at(5)));
  query.filter = values->at(6);
  query.time = TimePoint(Duration(number_of(values->at(7))));
  return query;
}

std::optional<Error> apply_filter(const Context& ctx, const ShardFilter& filter, Query& query) {
  query.filter = filter.type;
  const bool wants_time = filter.type == "AT_TIMESTAMP" || filter.type == "FROM_TIMESTAMP";
  const bool wants_shard = filter.type == "AFTER_SHARD_ID";
  const auto wrong = [&](std::string_view member, bool missing) {
    return Error::invalid_argument(std::string(member) + (missing ? " must be" : " must not be") +
                                   " provided for ShardFilter of type " + query.filter + ".");
  };
  if (wants_time != filter.timestamp.has_value()) return wrong("Timestamp", wants_time);
  if (wants_shard != filter.shard_id.has_value()) return wrong("ShardId", wants_shard);
  if (wants_time) {
    if (*filter.timestamp > ctx.now())
      return Error::invalid_argument("Timestamp of ShardFilter cannot be in the future.");
    query.time = *filter.timestamp;
  }
  if (wants_shard) {
    const auto shard = streams::parse_shard_id(*filter.shard_id);
    if (!shard) return shard_unreadable(*filter.shard_id, query.stream);
    query.after = std::max(query.after, *shard);
  }
  return std::nullopt;
}

// Both say behind which shard to begin; with a filter of another kind it would not be one question.
std::optional<Error> check_one_start(const Input& in) {
  if (!in.exclusive_start_shard_id || !in.shard_filter) return std::nullopt;
  if (in.shard_filter->type == "AFTER_SHARD_ID") return std::nullopt;
  return Error::invalid_argument("ExclusiveStartShardId and ShardFilter of type " +
                                 std::string(in.shard_filter->type) +
                                 " cannot be provided together.");
}

Result<Query> query_of_request(const Context& ctx, const Input& in) {
  if (!in.stream_name && !in.stream_arn)
    return Error::invalid_argument("Either NextToken or StreamName should be provided.");
  if (auto error = check_one_start(in)) return *std::move(error);
  const auto id = ctx.identify(in.stream_name, in.stream_arn);
  if (!id) return id.error();
  Query query;
  query.stream = *id;
  if (in.exclusive_start_shard_id) {
    const auto shard = streams::parse_shard_id(*in.exclusive_start_shard_id);
    if (!shard) return shard_unreadable(*in.exclusive_start_shard_id, *id);
    query.after = *shard;
  }
  if (in.shard_filter) {
    if (auto error = apply_filter(ctx, *in.shard_filter, query)) return *std::move(error);
  }
  return query;
}

// A shard lives from its creation to its close. The shards of a stream's beginning are as old as
// its StreamCreationTimestamp, and clients name times in milliseconds.
bool passes(const Query& query, const streams::Stream& stream, const streams::Shard& shard,
            TimePoint horizon) {
  if (aged_out(shard, horizon)) return false;
  const bool from_beginning = !shard.lineage().parent;
  const TimePoint start = from_beginning
                              ? creation_timestamp(stream)
                              : std::chrono::floor<std::chrono::milliseconds>(shard.opened_at());
  if (query.filter == "AT_LATEST") return shard.open();
  // A stream younger than its retention has its horizon at its own beginning.
  const bool at_horizon = start <= horizon || from_beginning;
  if (query.filter == "AT_TRIM_HORIZON") return at_horizon;
  if (query.filter == "AT_TIMESTAMP")
    return query.time <= horizon ? at_horizon : start <= query.time && !aged_out(shard, query.time);
  if (query.filter == "FROM_TIMESTAMP") return !aged_out(shard, query.time);
  return true;
}

Result<void> list_shards(Context& ctx, const Input& in, Writer& reply) {
  const auto query = in.next_token ? query_of_token(ctx, in) : query_of_request(ctx, in);
  if (!query) return query.error();
  const auto found = ctx.find(query->stream);
  if (!found) return found.error();
  const auto& stream = **found;
  if (stream.status() == streams::Status::creating || stream.status() == streams::Status::deleting)
    return not_active(query->stream, stream.status());
  if (auto refused = note_creation_timestamp(ctx, in.stream_creation_timestamp, stream))
    return *std::move(refused);

  const auto horizon = stream.horizon(ctx.now());
  const auto page = in.max_results.value_or(kPageDefault);
  std::int32_t listed = 0, last = query->after;
  bool more = false;
  reply.begin_map().key("Shards").begin_list();
  for (const auto& shard : stream.shards()) {
    if (shard->number() <= query->after || !passes(*query, stream, *shard, horizon)) continue;
    if (listed == page) {
      more = true;
      break;
    }
    write_shard(reply, *shard);
    last = shard->number();
    ++listed;
  }
  reply.end_list();
  if (more)
    reply.key("NextToken")
        .plain(seal_fields(ctx, {"shards", std::to_string(ctx.now().time_since_epoch().count()),
                                 query->stream.account, query->stream.region, query->stream.name,
                                 std::to_string(last), query->filter,
                                 std::to_string(query->time.time_since_epoch().count())}));
  reply.end_map();
  return {};
}

}  // namespace

extern const Operation kListShards = operation<&list_shards>("ListShards");

}  // namespace hydrant::kinesis
