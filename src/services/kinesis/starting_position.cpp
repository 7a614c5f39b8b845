#include "services/kinesis/starting_position.h"

namespace hydrant::kinesis {
namespace {

bool wants_number(const StartingPosition& wanted) {
  return wanted.type == "AT_SEQUENCE_NUMBER" || wanted.type == "AFTER_SEQUENCE_NUMBER";
}

// Either a sequence number and a type that takes one, or neither.
std::optional<Error> check_combination(const StartingPosition& wanted) {
  const std::string type(wanted.type);
  std::string text =
      "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and "
      "StartingSequenceNumber "
      "or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified " +
      type;
  if (wants_number(wanted) && !wanted.sequence_number)
    return Error::invalid_argument(text + " and no StartingSequenceNumber.");
  const bool takes_none = type == "TRIM_HORIZON" || type == "LATEST";
  if (takes_none && wanted.sequence_number)
    return Error::invalid_argument(text + " and also a StartingSequenceNumber.");
  return std::nullopt;
}

Result<std::uint64_t> position_of_number(const streams::StreamId& id, const streams::Shard& shard,
                                         const StartingPosition& wanted, Text operation) {
  const std::string given(*wanted.sequence_number);
  const auto used_in = "StartingSequenceNumber " + given + " used in " + std::string(operation) +
                       " on shard " + shard.id() + " in stream " + id.name + " under account " +
                       id.account;
  const auto number = streams::SequenceNumber::parse(given);
  if (!number) return Error::invalid_argument(used_in + " is invalid.");
  if (number->shard != shard.number())
    return Error::invalid_argument("Invalid StartingSequenceNumber. It encodes " +
                                   streams::shard_id(number->shard) +
                                   ", while it was used in a call to a shard with " + shard.id());
  // The service itself stumbles over this one.
  if (given == "0") return Error{"InternalFailure", std::nullopt, 500};
  const auto starting = shard.starting_number();
  if (number->created_s != starting.created_s || number->time_s < starting.time_s)
    return Error::invalid_argument(used_in +
                                   " is invalid because it did not come from this stream.");
  const bool after = wanted.type == "AFTER_SEQUENCE_NUMBER";
  return std::min(number->index + (after ? 1 : 0), shard.tip());
}

Result<std::uint64_t> position_of_time(const Context& ctx, const streams::Shard& shard,
                                       const StartingPosition& wanted) {
  if (!wanted.timestamp)
    return Error::invalid_argument(
        "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current "
        "request "
        "has no timestamp parameter.");
  const auto now = ctx.now();
  if (*wanted.timestamp > now)
    return Error::invalid_argument(
        "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. "
        "timestampInMillis: " +
        std::to_string(epoch_millis(*wanted.timestamp)) +
        ", currentTimestampInMillis: " + std::to_string(epoch_millis(now)));
  return shard.first_at_or_after(*wanted.timestamp);
}

}  // namespace

Result<std::uint64_t> position_in(const Context& ctx, const streams::StreamId& id,
                                  const streams::Shard& shard, const StartingPosition& wanted,
                                  Text operation) {
  if (auto error = check_combination(wanted)) return *std::move(error);
  if (wanted.type == "TRIM_HORIZON") return std::uint64_t{0};
  if (wanted.type == "LATEST") return shard.tip();
  if (wanted.type == "AT_TIMESTAMP") return position_of_time(ctx, shard, wanted);
  return position_of_number(id, shard, wanted, operation);
}

}  // namespace hydrant::kinesis
