#include "server/admin/state.h"

#include "core/json_writer.h"
#include "engine/streams/consumer.h"
#include "services/kinesis/operation.h"

namespace hydrant::server {
namespace {

void write_counters(JsonWriter& out, const delivery::DeliveryCounters& counters);

JsonWriter& count(JsonWriter& out, std::string_view name, std::uint64_t value) {
  return out.member(name, static_cast<std::int64_t>(value));
}

void write_shard(JsonWriter& out, const streams::Shard& shard, TimePoint now) {
  const auto counters = shard.counters(now);
  out.begin_object().member("shardId", shard.id()).member("open", shard.open());
  out.member("startingHashKey", shard.range().first.str());
  out.member("endingHashKey", shard.range().last.str());
  count(out, "incomingRecords", counters.records_in);
  count(out, "incomingBytes", counters.bytes_in);
  count(out, "writeProvisionedThroughputExceeded", counters.records_refused);
  count(out, "outgoingRecords", counters.records_out);
  count(out, "outgoingBytes", counters.bytes_out);
  count(out, "readProvisionedThroughputExceeded", counters.reads_refused);
  count(out, "recordsHeld", counters.records_held);
  count(out, "bytesHeld", counters.bytes_held);
  count(out, "recordsTrimmedEarly", counters.records_trimmed_early);
  out.key("writeBytesLevel").number(counters.write_bytes_level);
  out.key("writeRecordsLevel").number(counters.write_records_level).end_object();
}

void write_consumers(JsonWriter& out, const streams::Stream& stream) {
  out.key("consumers").begin_array();
  for (const auto& consumer : stream.consumers()) {
    out.begin_object().member("name", consumer->name()).member("arn", consumer->arn());
    out.member("status", streams::status_name(consumer->status()));
    count(out, "subscriptions", consumer->subscriptions().active());
    out.end_object();
  }
  out.end_array();
}

void write_streams(JsonWriter& out, const Parts& parts) {
  const auto now = parts.clock->now();
  out.key("streams").begin_array();
  for (const auto& stream : parts.streams.all()) {
    out.begin_object().member("name", stream->id().name).member("arn", stream->arn());
    out.member("status", streams::status_name(stream->status()));
    out.member("mode", kinesis::mode_name(stream->settings().mode));
    out.member("retentionHours", std::int64_t{stream->settings().retention_hours});
    out.key("shards").begin_array();
    for (const auto& shard : stream->shards()) write_shard(out, *shard, now);
    out.end_array();
    write_consumers(out, *stream);
    out.end_object();
  }
  out.end_array();
}

void write_error(JsonWriter& out, std::string_view name,
                 const std::optional<delivery::LastError>& error) {
  if (!error) return;
  out.key(name).begin_object().member("error", error->text);
  out.member("at", format_utc(error->at)).end_object();
}

void write_delivery_stream(JsonWriter& out, const delivery::DeliveryStreamState& state) {
  out.begin_object().member("name", state.id.name).member("arn", state.id.arn());
  out.member("status", delivery::status_name(state.status)).member("versionId", state.version_id);
  out.key("buffers").begin_array();
  for (const auto& buffer : state.buffers) {
    out.begin_object().member("name", buffer.name);
    count(count(out, "records", buffer.records), "bytes", buffer.bytes);
    if (buffer.due) out.member("due", format_utc(*buffer.due));
    out.end_object();
  }
  out.end_array();
  count(out, "batchesWaiting", state.batches_waiting);
  count(out, "batchesInFlight", state.batches_in_flight);
  count(out, "batchesBackingOff", state.batches_backing_off);
  count(out, "objectsWaiting", state.objects_waiting);
  count(out, "undeliveredRecords", state.undelivered_records);
  count(out, "undeliveredBytes", state.undelivered_bytes);
  count(out, "undeliveredBackupRecords", state.undelivered_backup_records);
  if (state.partition_count) count(out, "partitionCount", *state.partition_count);
  out.key("errorLog").begin_array();
  for (const auto& logged : state.error_log) {
    out.begin_object().member("at", format_utc(logged.at)).key("message").raw(logged.message);
    out.end_object();
  }
  out.end_array();
  write_error(out, "transformError", state.transform_error);
  write_error(out, "writeError", state.write_error);
  if (state.millis_behind_latest)
    out.member("kinesisMillisBehindLatest", *state.millis_behind_latest);
  if (state.oldest_undelivered)
    out.member("oldestUndelivered", format_utc(*state.oldest_undelivered));
  out.key("counters").begin_object();
  write_counters(out, state.counters);
  out.end_object().end_object();
}

void write_functions(JsonWriter& out, const Parts& parts) {
  out.key("functions").begin_array();
  for (const auto& state : parts.functions.states()) {
    out.begin_object().member("name", state.name).member("kind", state.kind);
    count(count(out, "invocations", state.invocations), "errors", state.errors);
    count(out, "processes", state.processes).end_object();
  }
  out.end_array();
}

void write_objects(JsonWriter& out, const Parts& parts) {
  out.key("objects").begin_array();
  for (const auto& object : parts.objects.list()) {
    out.begin_object().member("bucket", object.bucket).member("key", object.key);
    count(out, "size", object.size).member("etag", object.etag);
    out.member("lastModified", format_utc(object.written)).end_object();
  }
  out.end_array();
}

void write_counters(JsonWriter& out, const delivery::DeliveryCounters& counters) {
  for (const auto& counter : delivery::delivery_counter_names())
    count(out, counter.name, counters.*counter.value);
}

}  // namespace

std::string state_json(Parts& parts) {
  std::string text;
  JsonWriter out(text);
  out.begin_object().member("now", format_utc(parts.clock->now()));
  out.key("memory").begin_object().member("usedBytes", parts.memory.used());
  out.member("maxBytes", parts.memory.bytes_max()).end_object();
  write_streams(out, parts);
  out.key("deliveryStreams").begin_array();
  for (const auto& state : parts.deliveries.states()) write_delivery_stream(out, state);
  out.end_array();
  write_functions(out, parts);
  write_objects(out, parts);
  out.end_object();
  return text;
}

}  // namespace hydrant::server
