// Base64 of a record: 100 B, 1 KiB and the largest that a stream takes unless it is told otherwise.
#include "core/base64.h"

#include <benchmark/benchmark.h>

#include "material.h"

namespace hydrant::micro {
namespace {

void base64_decode(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const std::string text = base64_encode(random_bytes(size));
  std::string room(base64_decoded_max(text.size()) + 32, '\0');
  for (auto _ : state) {
    const auto result = hydrant::base64_decode(text, room.data());
    if (result.error != Base64Error::none) state.SkipWithError("it is base64");
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void base64_append(benchmark::State& state) {
  const std::string bytes = random_bytes(static_cast<std::size_t>(state.range(0)));
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_base64(out, bytes);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

BENCHMARK(base64_decode)->Arg(100)->Arg(1024)->Arg(1 << 20);
BENCHMARK(base64_append)->Arg(100)->Arg(1024)->Arg(1 << 20);

}  // namespace
}  // namespace hydrant::micro
