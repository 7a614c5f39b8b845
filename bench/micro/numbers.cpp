// Sequence numbers, shard ids, and the ids that every answer carries.
#include <benchmark/benchmark.h>

#include "core/base64.h"
#include "material.h"

namespace hydrant::micro {
namespace {

constexpr streams::SequenceNumber kNumber{1'767'225'600, 123'456'789, 1'767'229'200, 41};

void sequence_number_write(benchmark::State& state) {
  auto number = kNumber;
  char text[streams::SequenceNumber::kDigits];
  for (auto _ : state) {
    ++number.index;
    number.write(text);
    benchmark::DoNotOptimize(text);
  }
}

void sequence_number_parse(benchmark::State& state) {
  const std::string text = kNumber.str();
  for (auto _ : state) benchmark::DoNotOptimize(streams::SequenceNumber::parse(text));
}

void shard_id(benchmark::State& state) {
  std::int32_t shard = 0;
  for (auto _ : state) benchmark::DoNotOptimize(streams::shard_id(shard++ & 63));
}

void request_id(benchmark::State& state) {
  Random random(1);
  char id[36];
  for (auto _ : state) {
    random.uuid_to(id);
    benchmark::DoNotOptimize(id);
  }
}

// x-amz-id-2: 72 random bytes in base64.
void request_id_2(benchmark::State& state) {
  Random random(1);
  std::string headers;
  for (auto _ : state) {
    char noise[72];
    random.bytes(noise, sizeof noise);
    headers.clear();
    append_base64(headers, {noise, sizeof noise});
    benchmark::DoNotOptimize(headers.data());
  }
}

BENCHMARK(sequence_number_write);
BENCHMARK(sequence_number_parse);
BENCHMARK(shard_id);
BENCHMARK(request_id);
BENCHMARK(request_id_2);

}  // namespace
}  // namespace hydrant::micro
