// PutRecords. A record that finds its shard full fails alone; the call succeeds.
#include <algorithm>

#include "services/kinesis/not_emulated.h"
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

constexpr std::int64_t kCallBytesMax = 10 * kMiB;  // with the partition keys

struct Entry {
  static constexpr std::string_view kTypeName = "PutRecordsRequestEntry";
  Blob data;
  std::optional<Text> explicit_hash_key;
  Text partition_key;

  static constexpr auto shape() {
    return fields(field("Data", &Entry::data, kData),
                  field("ExplicitHashKey", &Entry::explicit_hash_key, kHashKey),
                  field("PartitionKey", &Entry::partition_key, kPartitionKey));
  }
};

struct Input {
  std::vector<Entry> records;
  std::optional<Text> stream_name, stream_arn, stream_id;
  std::optional<bool> dry_run;

  static constexpr auto shape() {
    return fields(field("Records", &Input::records, length(1, 500)),
                  field("StreamName", &Input::stream_name, kStreamName),
                  field("StreamARN", &Input::stream_arn, kStreamArn),
                  field("StreamId", &Input::stream_id, kStreamId),
                  field("DryRun", &Input::dry_run));
  }
};

// The keys of the ring: explicit ones where they are given.
Result<std::vector<streams::HashKey>> route_all(const std::vector<Entry>& entries) {
  std::vector<Text> partition_keys;
  partition_keys.reserve(entries.size());
  for (const auto& entry : entries) partition_keys.push_back(entry.partition_key);
  std::vector<streams::HashKey> keys(entries.size());
  streams::HashKey::of_partition_keys(partition_keys, keys);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!entries[i].explicit_hash_key) continue;
    const auto key = route(entries[i].partition_key, entries[i].explicit_hash_key);
    if (!key) return key.error();
    keys[i] = *key;
  }
  return keys;
}

// All entries are checked before any is stored: one bad key or size refuses the whole call.
Result<std::vector<streams::NewRecord>> check(const streams::Stream& stream,
                                              const std::vector<Entry>& entries) {
  const auto keys = route_all(entries);
  if (!keys) return keys.error();
  std::vector<streams::NewRecord> records;
  records.reserve(entries.size());
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    records.push_back({entries[i].data.bytes, entries[i].partition_key, (*keys)[i]});
    bytes += records.back().cost();
  }
  for (const auto& record : records) {
    if (auto error = check_record_size(stream, static_cast<std::size_t>(record.cost())))
      return *std::move(error);
  }
  if (bytes > kCallBytesMax) return Error::invalid_argument("Records size exceeds 10 MB limit");
  return records;
}

void write_failure(Writer& reply, const std::string& message) {
  reply.begin_map().member("ErrorCode", "ProvisionedThroughputExceededException");
  reply.member("ErrorMessage", message).end_map();
}

Result<void> put_records(Context& ctx, const Input& in, Writer& reply) {
  const auto stream = ctx.find_for_data(in.stream_name, in.stream_arn);
  if (!stream) return stream.error();
  if (auto error = ctx.check_key(**stream, "GenerateDataKey")) return *std::move(error);
  const auto records = check(**stream, in.records);
  if (!records) return records.error();
  if (auto refused = note_dry_run(ctx, in.dry_run, (*stream)->id())) return *std::move(refused);

  std::int64_t footprint = 0;
  for (const auto& record : *records) footprint += streams::Shard::footprint(record);
  const bool has_room = ctx.environment.registry.make_room(footprint);
  std::vector<streams::Placement> placements(records->size());
  if (has_room) (*stream)->append(*records, placements);

  const auto failed = std::ranges::count(placements, false, &streams::Placement::placed);
  char number[streams::SequenceNumber::kDigits];
  reply.begin_map().member("FailedRecordCount", failed).key("Records").begin_list();
  for (const auto& placement : placements) {
    if (!placement.placed) {
      write_failure(reply, has_room ? write_throttled((*stream)->id(), placement.number.shard)
                                    : memory_full(ctx));
      continue;
    }
    placement.number.write(number);
    reply.begin_map().key("SequenceNumber").plain({number, sizeof number});
    reply.key("ShardId").plain(streams::ShardId(placement.number.shard).view()).end_map();
  }
  reply.end_list();
  const auto encrypted = [](const auto& placement) { return placement.encrypted; };
  if (std::ranges::any_of(placements, encrypted)) reply.member("EncryptionType", "KMS");
  reply.end_map();
  return {};
}

}  // namespace

extern const Operation kPutRecords = operation<&put_records>("PutRecords");

}  // namespace hydrant::kinesis
