// From a partition key to its place on the ring.
#include <benchmark/benchmark.h>

#include "material.h"
#include "services/kinesis/operation.h"

namespace hydrant::micro {
namespace {

// A key of its own each time, as records have them.
std::vector<std::string> keys(std::size_t bytes) {
  std::vector<std::string> all;
  for (std::uint64_t i = 0; i < 1024; ++i) all.push_back(random_letters(bytes, i));
  return all;
}

void route_by_partition_key(benchmark::State& state) {
  const auto all = keys(static_cast<std::size_t>(state.range(0)));
  std::size_t at = 0;
  for (auto _ : state) {
    const auto key = kinesis::route(all[at++ % all.size()], std::nullopt);
    benchmark::DoNotOptimize(key->value());
  }
  state.SetItemsProcessed(state.iterations());
}

void route_by_explicit_hash_key(benchmark::State& state) {
  for (auto _ : state) {
    const auto key = kinesis::route("key", "170141183460469231731687303715884105728");
    benchmark::DoNotOptimize(key->value());
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(route_by_partition_key)->ArgName("bytes")->Arg(16)->Arg(36)->Arg(128);
BENCHMARK(route_by_explicit_hash_key);

}  // namespace
}  // namespace hydrant::micro
