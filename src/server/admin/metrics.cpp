#include "server/admin/metrics.h"

#include <map>

namespace hydrant::server {
namespace {

constexpr const char* kDeliveryCounter =
    "Of a delivery stream, under CloudWatch's name where it has one.";

// The format wants all samples of a metric together, behind its type.
class Exposition {
 public:
  void counter(const std::string& metric, const char* help, const std::string& labels,
               std::uint64_t value) {
    add(metric, "counter", help, labels, value);
  }
  void gauge(const std::string& metric, const char* help, const std::string& labels,
             std::uint64_t value) {
    add(metric, "gauge", help, labels, value);
  }
  std::string text() const {
    std::string all;
    for (const auto& [name, samples] : samples_) all += samples;
    return all;
  }

 private:
  void add(const std::string& metric, const char* type, const char* help, const std::string& labels,
           std::uint64_t value) {
    const std::string name = "hydrant_" + metric;
    std::string& samples = samples_[name];
    if (samples.empty()) {
      samples = "# HELP " + name + " " + help + "\n";
      samples += "# TYPE " + name + " " + type + "\n";
    }
    samples +=
        name + (labels.empty() ? "" : "{" + labels + "}") + " " + std::to_string(value) + "\n";
  }

  std::map<std::string, std::string> samples_;
};

// The name of a stream is its own only within an account and region.
template <class Id>
std::string place_of(const Id& id) {
  return ",account=\"" + id.account + "\",region=\"" + id.region + "\"";
}

void add_stream(Exposition& out, const streams::Stream& stream, TimePoint now) {
  const auto& id = stream.id();
  for (const auto& shard : stream.shards()) {
    const auto c = shard->counters(now);
    const auto labels = "stream=\"" + id.name + "\",shard=\"" + shard->id() + "\"" + place_of(id);
    out.counter("kinesis_incoming_records", "Records put to a shard.", labels, c.records_in);
    out.counter("kinesis_incoming_bytes", "Bytes put to a shard.", labels, c.bytes_in);
    out.counter("kinesis_outgoing_records", "Records read from a shard.", labels, c.records_out);
    out.counter("kinesis_outgoing_bytes", "Bytes read from a shard.", labels, c.bytes_out);
    out.counter("kinesis_write_provisioned_throughput_exceeded",
                "Records that the limits of a shard refused.", labels, c.records_refused);
    out.counter("kinesis_read_provisioned_throughput_exceeded",
                "Reads that the limits of a shard refused.", labels, c.reads_refused);
  }
}

void add_delivery_stream(Exposition& out, const delivery::DeliveryStreamState& state,
                         TimePoint now) {
  const auto labels = "delivery_stream=\"" + state.id.name + "\"" + place_of(state.id);
  for (const auto& counter : delivery::delivery_counter_names())
    out.counter("firehose_" + std::string(counter.name), kDeliveryCounter, labels,
                state.counters.*counter.value);
  if (state.partition_count)
    out.gauge("firehose_partition_count", "Active partitions.", labels, *state.partition_count);
  if (state.oldest_undelivered) {
    const auto age =
        std::chrono::duration_cast<std::chrono::seconds>(now - *state.oldest_undelivered);
    out.gauge("firehose_delivery_to_s3_data_freshness",
              "Seconds since the oldest record came that is not delivered.", labels,
              static_cast<std::uint64_t>(age.count()));
  }
  if (state.millis_behind_latest)
    out.gauge("firehose_kinesis_millis_behind_latest",
              "Milliseconds by which the reading of the source is behind.", labels,
              static_cast<std::uint64_t>(*state.millis_behind_latest));
}

}  // namespace

std::string metrics_text(Parts& parts) {
  Exposition out;
  const auto now = parts.clock->now();
  for (const auto& stream : parts.streams.all()) add_stream(out, *stream, now);
  for (const auto& state : parts.deliveries.states()) add_delivery_stream(out, state, now);
  out.gauge("memory_used_bytes", "Memory that records take.", "",
            static_cast<std::uint64_t>(parts.memory.used()));
  return out.text();
}

}  // namespace hydrant::server
