// GetShardIterator. The id of the shard is read before anything else is looked up.
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

// In the order in which the service lists them.
constexpr std::string_view kTypes[] = {"AFTER_SEQUENCE_NUMBER", "LATEST", "AT_TIMESTAMP",
                                       "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"};

struct Input {
  std::optional<Text> stream_name;
  Text shard_id, shard_iterator_type;
  std::optional<Text> starting_sequence_number;
  std::optional<TimePoint> timestamp;
  std::optional<Text> stream_arn, stream_id;

  static constexpr auto shape() {
    return fields(
        field("StreamName", &Input::stream_name, kStreamName),
        field("ShardId", &Input::shard_id, kShardId),
        field("ShardIteratorType", &Input::shard_iterator_type, one_of(kTypes)),
        field("StartingSequenceNumber", &Input::starting_sequence_number, kSequenceNumber),
        field("Timestamp", &Input::timestamp), field("StreamARN", &Input::stream_arn, kStreamArn),
        field("StreamId", &Input::stream_id, kStreamId));
  }
};

bool wants_number(const Input& in) {
  return in.shard_iterator_type == "AT_SEQUENCE_NUMBER" ||
         in.shard_iterator_type == "AFTER_SEQUENCE_NUMBER";
}

// Either a sequence number and a type that takes one, or neither.
std::optional<Error> check_combination(const Input& in) {
  const std::string type(in.shard_iterator_type);
  std::string text =
      "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and "
      "StartingSequenceNumber "
      "or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified " +
      type;
  if (wants_number(in) && !in.starting_sequence_number)
    return Error::invalid_argument(text + " and no StartingSequenceNumber.");
  const bool takes_none = type == "TRIM_HORIZON" || type == "LATEST";
  if (takes_none && in.starting_sequence_number)
    return Error::invalid_argument(text + " and also a StartingSequenceNumber.");
  return std::nullopt;
}

Result<std::uint64_t> position_of_number(const streams::StreamId& id, const streams::Shard& shard,
                                         const Input& in) {
  const std::string given(*in.starting_sequence_number);
  const auto used_in = "StartingSequenceNumber " + given + " used in GetShardIterator on shard " +
                       shard.id() + " in stream " + id.name + " under account " + id.account;
  // The service itself stumbles over this one.
  if (given == "0") return Error{"InternalFailure", std::nullopt, 500};
  const auto number = streams::SequenceNumber::parse(given);
  if (!number) return Error::invalid_argument(used_in + " is invalid.");
  if (number->shard != shard.number())
    return Error::invalid_argument("Invalid StartingSequenceNumber. It encodes " +
                                   streams::shard_id(number->shard) +
                                   ", while it was used in a call to a shard with " + shard.id());
  const auto starting = shard.starting_number();
  if (number->created_s != starting.created_s || number->time_s < starting.time_s)
    return Error::invalid_argument(used_in +
                                   " is invalid because it did not come from this stream.");
  const bool after = in.shard_iterator_type == "AFTER_SEQUENCE_NUMBER";
  return std::min(number->index + (after ? 1 : 0), shard.tip());
}

Result<std::uint64_t> position_of_time(const Context& ctx, const streams::Shard& shard,
                                       const Input& in) {
  if (!in.timestamp)
    return Error::invalid_argument(
        "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current "
        "request "
        "has no timestamp parameter.");
  const auto now = ctx.now();
  if (*in.timestamp > now)
    return Error::invalid_argument(
        "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. "
        "timestampInMillis: " +
        std::to_string(epoch_millis(*in.timestamp)) +
        ", currentTimestampInMillis: " + std::to_string(epoch_millis(now)));
  return shard.first_at_or_after(*in.timestamp);
}

Result<std::uint64_t> position(const Context& ctx, const streams::StreamId& id,
                               const streams::Shard& shard, const Input& in) {
  if (auto error = check_combination(in)) return *std::move(error);
  if (in.shard_iterator_type == "TRIM_HORIZON") return std::uint64_t{0};
  if (in.shard_iterator_type == "LATEST") return shard.tip();
  if (in.shard_iterator_type == "AT_TIMESTAMP") return position_of_time(ctx, shard, in);
  return position_of_number(id, shard, in);
}

Result<void> get_shard_iterator(Context& ctx, const Input& in, Writer& reply) {
  const auto id = ctx.identify(in.stream_name, in.stream_arn);
  if (!id) return id.error();
  const auto number = streams::parse_shard_id(in.shard_id);
  if (!number) return shard_unreadable(in.shard_id, *id);
  const auto stream = ctx.environment.registry.find(*id);
  const auto shard = stream && stream->readable() ? stream->shard(*number) : nullptr;
  if (!shard) return shard_does_not_exist(*number, *id);

  const auto from = position(ctx, *id, *shard, in);
  if (!from) return from.error();
  if (!shard->admit_iterator(ctx.now()))
    return Error{"ProvisionedThroughputExceededException",
                 "Rate exceeded for Shard - " + id->account + "/" + id->name + "/" + shard->id()};
  reply.begin_map().key("ShardIterator");
  reply.plain(
      seal_iterator(ctx, {*id, *number, shard->starting_number().created_s, *from, ctx.now()}));
  reply.end_map();
  return {};
}

}  // namespace

extern const Operation kGetShardIterator = operation<&get_shard_iterator>("GetShardIterator");

}  // namespace hydrant::kinesis
