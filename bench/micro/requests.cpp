// The header of a request as an SDK sends it, and whole requests through the dispatcher: everything
// but the sockets.
#include <benchmark/benchmark.h>

#include "aws/dispatcher.h"
#include "aws/gap_sink.h"
#include "aws/token.h"
#include "material.h"
#include "net/http1_parser.h"
#include "services/kinesis/service.h"

namespace hydrant::micro {
namespace {

constexpr std::string_view kHeader =
    "POST / HTTP/1.1\r\nHost: 127.0.0.1:4566\r\nAccept-Encoding: identity\r\n"
    "Content-Type: application/x-amz-json-1.1\r\n"
    "User-Agent: Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux#6.1.0-26-amd64 md/arch#x86_64 "
    "lang/python#3.11.7 md/pyimpl#CPython m/b,Z,D,E cfg/retry-mode#standard Botocore/1.44.5\r\n"
    "X-Amz-Target: Kinesis_20131202.PutRecords\r\nX-Amz-Date: 20260101T000000Z\r\n"
    "Authorization: AWS4-HMAC-SHA256 "
    "Credential=AKIDEXAMPLE/20260101/us-east-1/kinesis/aws4_request, "
    "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature="
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\n"
    "amz-sdk-invocation-id: 5f3d5a3e-6f0f-4b52-9a0e-2f8c3f6d7e11\r\n"
    "amz-sdk-request: attempt=1\r\nContent-Length: 216\r\n\r\n";

void http1_header(benchmark::State& state) {
  net::Request request;
  net::Http1Parser parser(request, 64 * 1024);
  for (auto _ : state) {
    request.headers.clear();
    parser.restart();
    std::size_t consumed = 0;
    if (parser.parse_header(kHeader, consumed) != net::Http1Parser::Outcome::done)
      state.SkipWithError("the header is good");
    benchmark::DoNotOptimize(request.headers.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kHeader.size()));
}

class NoGaps final : public aws::GapSink {
  std::optional<aws::Error> note(const std::string&, const std::string&,
                                 const std::string&) override {
    return std::nullopt;
  }
};

class NeverLater final : public net::Later {
  Give defer() override {
    return [](net::Reply) {};
  }
};

void put_records_through_dispatcher(benchmark::State& state) {
  World world(64);
  NoGaps gaps;
  NeverLater later;
  aws::TokenSealer tokens(world.random);
  kinesis::Service service({world.registry, world.clock, tokens, gaps, {}});
  aws::Dispatcher dispatcher({}, {&service}, world.random, Logger::silent());
  const auto body = put_records_body(aws::Codec::json, static_cast<std::size_t>(state.range(0)),
                                     static_cast<std::size_t>(state.range(1)));
  net::Request request;
  net::Http1Parser parser(request, 64 * 1024);
  std::size_t consumed = 0;
  parser.parse_header(kHeader, consumed);
  request.body = body.view();
  for (auto _ : state) {
    const auto reply = dispatcher.serve(request, later);
    if (reply.status != 200) state.SkipWithError("the request is good");
    benchmark::DoNotOptimize(reply.body.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(http1_header);
BENCHMARK(put_records_through_dispatcher)
    ->ArgNames({"records", "bytes"})
    ->Args({1, 100})
    ->Args({500, 100})
    ->Args({500, 1024});

}  // namespace
}  // namespace hydrant::micro
