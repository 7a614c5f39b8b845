// Token buckets, and records into and out of shards.
#include <benchmark/benchmark.h>

#include "material.h"

namespace hydrant::micro {
namespace {

void token_bucket(benchmark::State& state) {
  streams::TokenBucket bucket(1e12, 1e12, kNow);
  auto now = kNow;
  for (auto _ : state) {
    now += Duration(1);
    bucket.refill(now);
    if (bucket.holds(1024)) bucket.take(1024);
    benchmark::DoNotOptimize(bucket);
  }
}

void append(benchmark::State& state) {
  World world(static_cast<std::int32_t>(state.range(0)));
  const NewRecords put(static_cast<std::size_t>(state.range(1)),
                       static_cast<std::size_t>(state.range(2)));
  std::vector<streams::Placement> placements(put.records().size());
  for (auto _ : state) {
    if (!world.registry.make_room(put.footprint())) state.SkipWithError("room is made");
    world.stream->append(put.records(), placements);
    benchmark::DoNotOptimize(placements.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(1));
}

void read(benchmark::State& state) {
  World world(1);
  const NewRecords put(1000, 1024);
  std::vector<streams::Placement> placements(put.records().size());
  world.stream->append(put.records(), placements);
  const auto shard = world.stream->shard(0);
  const streams::ReadLimits limits{.records_max = 1000};
  for (auto _ : state) {
    auto outcome = shard->read(1, limits, kNow, TimePoint{});
    if (std::get<streams::Read>(outcome).records.size() != 1000)
      state.SkipWithError("there are 1,000 records");
    benchmark::DoNotOptimize(outcome);
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}

BENCHMARK(token_bucket);
BENCHMARK(append)
    ->ArgNames({"shards", "records", "bytes"})
    ->Args({1, 1, 100})
    ->Args({64, 1, 100})
    ->Args({1, 500, 1024})
    ->Args({64, 500, 100})
    ->Args({64, 500, 1024});
BENCHMARK(read);

}  // namespace
}  // namespace hydrant::micro
