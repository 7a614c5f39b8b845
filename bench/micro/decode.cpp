// The body of PutRecords into a declared input. That of the operation belongs to its file alone;
// this one has the same members and rules.
#include <benchmark/benchmark.h>

#include "material.h"
#include "services/kinesis/operation.h"

namespace hydrant::micro {
namespace {

using aws::Codec;
using aws::field;
using aws::fields;
using aws::length;

struct Entry {
  static constexpr std::string_view kTypeName = "PutRecordsRequestEntry";
  aws::Blob data;
  std::optional<std::string_view> explicit_hash_key;
  std::string_view partition_key;

  static constexpr auto shape() {
    return fields(field("Data", &Entry::data, kinesis::kData),
                  field("ExplicitHashKey", &Entry::explicit_hash_key, kinesis::kHashKey),
                  field("PartitionKey", &Entry::partition_key, kinesis::kPartitionKey));
  }
};

struct Input {
  std::vector<Entry> records;
  std::optional<std::string_view> stream_name, stream_arn, stream_id;

  static constexpr auto shape() {
    return fields(field("Records", &Input::records, length(1, 500)),
                  field("StreamName", &Input::stream_name, kinesis::kStreamName),
                  field("StreamARN", &Input::stream_arn, kinesis::kStreamArn),
                  field("StreamId", &Input::stream_id, kinesis::kStreamId));
  }
};

void decode_put_records(benchmark::State& state, Codec codec) {
  const auto body = put_records_body(codec, static_cast<std::size_t>(state.range(0)),
                                     static_cast<std::size_t>(state.range(1)));
  for (auto _ : state) {
    aws::read_body(body.view(), codec, [&](aws::Reader& reader) {
      Input input;
      if (aws::Decoder(reader, false).decode(input)) state.SkipWithError("the body is good");
      benchmark::DoNotOptimize(input.records.data());
      return 0;
    });
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.view().size()));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void sizes(benchmark::internal::Benchmark* of) {
  of->ArgNames({"records", "bytes"})->Args({1, 100})->Args({500, 100})->Args({500, 1024});
}

BENCHMARK_CAPTURE(decode_put_records, json, Codec::json)->Apply(sizes);
BENCHMARK_CAPTURE(decode_put_records, cbor, Codec::cbor)->Apply(sizes);

}  // namespace
}  // namespace hydrant::micro
