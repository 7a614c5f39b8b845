// Replies: that of PutRecords for 500 records, and that of GetRecords for 1,000 of 1 KiB.
#include <benchmark/benchmark.h>

#include "material.h"
#include "services/kinesis/read_reply.h"

namespace hydrant::micro {
namespace {

using aws::Codec;

void encode_put_records(benchmark::State& state, Codec codec) {
  for (auto _ : state) {
    std::string out;
    aws::write_body(out, codec, [&](aws::Writer& reply) {
      char number[streams::SequenceNumber::kDigits];
      reply.begin_map().member("FailedRecordCount", std::int64_t{0}).key("Records").begin_list();
      for (std::uint64_t i = 1; i <= 500; ++i) {
        const auto shard = static_cast<std::int32_t>(i % 64);
        streams::SequenceNumber{1'767'225'600, i, 1'767'225'600, shard}.write(number);
        reply.begin_map().key("SequenceNumber").plain({number, sizeof number});
        reply.key("ShardId").plain(streams::shard_id(shard)).end_map();
      }
      reply.end_list().end_map();
    });
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * 500);
}

void encode_get_records(benchmark::State& state, Codec codec) {
  const NewRecords put(1000, 1024);
  streams::Read read;
  for (std::uint64_t i = 0; i < put.records().size(); ++i)
    read.records.push_back({put.records()[i].data,
                            put.records()[i].partition_key,
                            {1'767'225'600, i + 1, 1'767'225'600, 0},
                            kNow});
  for (auto _ : state) {
    std::string out;
    aws::write_body(out, codec, [&](aws::Writer& reply) {
      reply.begin_map();
      kinesis::write_records(reply, read);
      reply.end_map();
    });
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}

BENCHMARK_CAPTURE(encode_put_records, json, Codec::json);
BENCHMARK_CAPTURE(encode_put_records, cbor, Codec::cbor);
BENCHMARK_CAPTURE(encode_get_records, json, Codec::json);
BENCHMARK_CAPTURE(encode_get_records, cbor, Codec::cbor);

}  // namespace
}  // namespace hydrant::micro
