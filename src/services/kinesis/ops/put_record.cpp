// PutRecord. Unlike PutRecords, a full shard refuses the call itself.
#include "services/kinesis/not_emulated.h"
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  std::optional<Text> stream_name;
  Blob data;
  Text partition_key;
  std::optional<Text> explicit_hash_key, sequence_number_for_ordering;
  std::optional<Text> stream_arn, stream_id;
  std::optional<bool> dry_run;

  static constexpr auto shape() {
    return fields(
        field("StreamName", &Input::stream_name, kStreamName), field("Data", &Input::data, kData),
        field("PartitionKey", &Input::partition_key, kPartitionKey),
        field("ExplicitHashKey", &Input::explicit_hash_key, kHashKey),
        field("SequenceNumberForOrdering", &Input::sequence_number_for_ordering, kSequenceNumber),
        field("StreamARN", &Input::stream_arn, kStreamArn),
        field("StreamId", &Input::stream_id, kStreamId), field("DryRun", &Input::dry_run));
  }
};

// It has to be a number of the past; from which shard or stream it comes is not looked at. A shard
// that a reshard has opened counts from the second after it, and so do the numbers it gives.
std::optional<Error> check_ordering(const Context& ctx, const streams::Stream& stream,
                                    const Input& in) {
  if (!in.sequence_number_for_ordering) return std::nullopt;
  const auto number = streams::SequenceNumber::parse(*in.sequence_number_for_ordering);
  const auto given_s = number ? std::max(number->time_s, number->created_s) : INT64_MAX;
  if (given_s <= epoch_seconds(ctx.now()) || given_s <= stream.newest_shard_s())
    return std::nullopt;
  const auto& id = stream.id();
  return Error::invalid_argument(
      "ExclusiveMinimumSequenceNumber " + std::string(*in.sequence_number_for_ordering) +
      " used in PutRecord on stream " + id.name + " under account " + id.account + " is invalid.");
}

Error throttled(std::string why) {
  return {"ProvisionedThroughputExceededException", std::move(why)};
}

Result<void> put_record(Context& ctx, const Input& in, Writer& reply) {
  const auto stream = ctx.find_for_data(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();
  const auto& id = (*stream)->id();
  if (auto error = ctx.check_key(**stream, "GenerateDataKey")) return *std::move(error);
  const auto key = route(in.partition_key, in.explicit_hash_key);
  if (!key) return key.error();
  if (auto error = check_ordering(ctx, **stream, in)) return *std::move(error);
  if (auto error = check_record_size(**stream, in.data.bytes.size() + in.partition_key.size()))
    return *std::move(error);
  if (auto refused = note_dry_run(ctx, in.dry_run, id)) return *std::move(refused);

  const streams::NewRecord record{in.data.bytes, in.partition_key, *key};
  if (!ctx.environment.registry.make_room(streams::Shard::footprint(record)))
    return throttled(memory_full(ctx));
  streams::Placement placement;
  (*stream)->append({&record, 1}, {&placement, 1});
  if (!placement.placed) return throttled(write_throttled(id, placement.number.shard));
  char number[streams::SequenceNumber::kDigits];
  placement.number.write(number);
  reply.begin_map().key("ShardId").plain(streams::ShardId(placement.number.shard).view());
  reply.key("SequenceNumber").plain({number, sizeof number});
  if (placement.encrypted) reply.member("EncryptionType", "KMS");
  reply.end_map();
  return {};
}

}  // namespace

extern const Operation kPutRecord = operation<&put_record>("PutRecord");

}  // namespace hydrant::kinesis
