// The header of a request as an SDK sends it, and whole requests through the dispatcher: everything
// but the sockets.
#include <benchmark/benchmark.h>

#include <deque>
#include <memory>

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

// A service with all that a request goes through, but for the sockets.
class Served {
 public:
  Served()
      : clock_(1.0),
        registry_({clock_, memory_, {.enabled = true, .scale = 1e9}}, {}, streams::WhenFull::trim) {
    registry_.create_active({"000000000000", "us-east-1", "bench"}, {}, 64);
  }
  net::Reply serve(const net::Request& request) {
    NeverLater later;
    return dispatcher_.serve(request, later);
  }

 private:
  RealClock clock_;
  Random random_{1};
  MemoryBudget memory_{std::int64_t{256} << 20};
  streams::Registry registry_;
  NoGaps gaps_;
  aws::TokenSealer tokens_{random_};
  kinesis::Service service_{{registry_, clock_, tokens_, gaps_, {}}};
  aws::Dispatcher dispatcher_{{}, {&service_}, random_, Logger::silent()};
};

std::string put_record_header() {
  std::string header(kHeader);
  constexpr std::string_view kPlural = "PutRecords";
  return header.replace(header.find(kPlural), kPlural.size(), "PutRecord");
}

// What two threads that do the same do to each other, beside one alone.
class OnThreads : public benchmark::Fixture {
 public:
  void SetUp(const benchmark::State& state) override {
    if (state.thread_index() == 0) served = std::make_unique<Served>();
  }
  void TearDown(const benchmark::State& state) override {
    if (state.thread_index() == 0) served.reset();
  }
  std::unique_ptr<Served> served;
};

BENCHMARK_DEFINE_F(OnThreads, put_record)(benchmark::State& state) {
  constexpr std::size_t kDifferent = 256;
  std::deque<Body> bodies;
  for (std::size_t i = 0; i < kDifferent; ++i) {
    const auto seed = i + kDifferent * static_cast<std::size_t>(state.thread_index());
    std::string text;
    aws::write_body(text, aws::Codec::json, [&](aws::Writer& to) {
      to.begin_map().member("StreamName", "bench").key("Data").blob(random_bytes(100, seed));
      to.member("PartitionKey", std::string_view(random_letters(kKeyBytes, seed))).end_map();
    });
    bodies.emplace_back(std::move(text));
  }
  const std::string header = put_record_header();
  net::Request request;
  net::Http1Parser parser(request, 64 * 1024);
  std::size_t consumed = 0, next = 0;
  parser.parse_header(header, consumed);
  for (auto _ : state) {
    request.body = bodies[next++ % kDifferent].view();
    const auto reply = served->serve(request);
    if (reply.status != 200) state.SkipWithError("the request is good");
    benchmark::DoNotOptimize(reply.body.data());
  }
}

void put_records_through_dispatcher(benchmark::State& state) {
  Served served;
  const auto body = put_records_body(aws::Codec::json, static_cast<std::size_t>(state.range(0)),
                                     static_cast<std::size_t>(state.range(1)));
  net::Request request;
  net::Http1Parser parser(request, 64 * 1024);
  std::size_t consumed = 0;
  parser.parse_header(kHeader, consumed);
  request.body = body.view();
  for (auto _ : state) {
    const auto reply = served.serve(request);
    if (reply.status != 200) state.SkipWithError("the request is good");
    benchmark::DoNotOptimize(reply.body.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(http1_header);
BENCHMARK_REGISTER_F(OnThreads, put_record)->ThreadRange(1, 2);
BENCHMARK(put_records_through_dispatcher)
    ->ArgNames({"records", "bytes"})
    ->Args({1, 100})
    ->Args({500, 100})
    ->Args({500, 1024});

}  // namespace
}  // namespace hydrant::micro
