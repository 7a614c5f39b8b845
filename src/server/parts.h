// Parts: everything a server is made of, built in the order of the floors. Each part is handed what
// it needs; nothing finds anything by itself.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/dispatcher.h"
#include "aws/gap_sink.h"
#include "aws/hints.h"
#include "aws/kms_keys.h"
#include "aws/signature.h"
#include "aws/token.h"
#include "core/clock.h"
#include "core/logging.h"
#include "core/memory_budget.h"
#include "core/random.h"
#include "core/thread_pool.h"
#include "engine/delivery/delivery_registry.h"
#include "engine/functions/function_registry.h"
#include "engine/objects/object_store.h"
#include "engine/streams/registry.h"
#include "hydrant/options.h"
#include "server/configuration.h"
#include "server/gaps.h"
#include "services/cloudwatch/service.h"
#include "services/firehose/service.h"
#include "services/kinesis/service.h"
#include "services/sts/service.h"

namespace hydrant::server {

// "http://127.0.0.1:4566"; an address that binds to everything is reached by loopback.
std::string url_of(const std::string& host, std::uint16_t port);

// Notes gaps for /_hydrant/gaps, or refuses what would be one (--strict).
class GapKeeper final : public aws::GapSink {
 public:
  GapKeeper(Gaps& gaps, bool strict) : gaps_(gaps), strict_(strict) {}
  std::optional<aws::Error> note(const std::string& where, const std::string& setting,
                                 const std::string& why) override;

 private:
  Gaps& gaps_;
  const bool strict_;
};

struct Parts {
  explicit Parts(const Options& server_options);
  ~Parts();

  // Creates what the configuration declares, ACTIVE at once. None, or what is wrong with it.
  std::optional<std::string> create_resources(const Resources& resources);
  // Functions are declared first: delivery streams refer to them.
  std::optional<std::string> declare_functions(const Resources& resources);

  const Options options;
  std::shared_ptr<Logger> logger;
  Random random;
  Random token_random;  // goes on where the other starts again: no reset may repeat a key
  std::unique_ptr<Clock> clock;
  VirtualClock* virtual_clock = nullptr;  // the same clock, if it is one
  RealClock* real_clock = nullptr;        // likewise
  RealClock wire_clock;  // paces what goes out to sockets, which no virtual time can
  ThreadPool pool;
  MemoryBudget memory;
  streams::Registry streams;
  objects::ObjectStore objects;
  functions::FunctionRegistry functions;
  delivery::ObjectStoreSink sink;
  delivery::FileErrorLog error_log;
  delivery::DeliveryRegistry deliveries;
  Gaps gaps;
  GapKeeper gap_keeper;
  aws::TokenSealer tokens;
  aws::Hints hints;
  kinesis::CallRates call_rates;
  aws::KmsKeys kms_keys;  // of the configuration, from before the first request
  cloudwatch::Sink metrics_sink;
  firehose::Environment firehose_environment;
  kinesis::Service kinesis;
  firehose::Service firehose;
  sts::Service sts;
  cloudwatch::Service cloudwatch;
  const std::vector<aws::Service*> services;
  aws::SignatureVerifier verifier;
  aws::Dispatcher dispatcher;
  // For functions that run here. They come in by a port of their own, and have no key of the
  // configuration: that their signatures are right is not asked for.
  aws::Dispatcher handler_dispatcher;
};

}  // namespace hydrant::server
