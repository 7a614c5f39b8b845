#include "server/parts.h"

#include <tuple>

#include "aws/document.h"
#include "services/kinesis/tags.h"

namespace hydrant::server {
namespace {

std::unique_ptr<Clock> make_clock(const ClockChoice& choice) {
  if (choice.is_virtual) return std::make_unique<VirtualClock>(choice.start.value_or(system_now()));
  return std::make_unique<RealClock>(choice.factor);
}

streams::ThrottleSettings throttle_of(const Options& options) {
  return {options.throttle.kinesis, options.throttle.scale, options.throttle.burst_seconds};
}

functions::FunctionEnvironment function_environment(const Options& options,
                                                    std::shared_ptr<Logger> logger,
                                                    Random& random) {
  functions::FunctionEnvironment environment;
  environment.region = options.region;
  environment.account = options.account;
  environment.logger = std::move(logger);
  environment.random = &random;
  return environment;
}

delivery::DeliveryEnvironment delivery_environment(Parts& parts) {
  const auto style = parts.options.firehose.failure_record_style == FailureRecordStyle::y2019
                         ? delivery::FailureRecordStyle::style_2019
                         : delivery::FailureRecordStyle::current;
  const auto& throttle = parts.options.throttle;
  return {*parts.clock,
          parts.pool,
          parts.random,
          parts.memory,
          parts.streams,
          parts.sink,
          [&functions = parts.functions](const std::string& arn) { return functions.find(arn); },
          parts.logger,
          style,
          {throttle.firehose, throttle.scale, throttle.burst_seconds},
          static_cast<std::size_t>(parts.options.quotas.active_partitions.value_or(500)),
          &parts.error_log};
}

kinesis::Quotas quotas_of(const Options& options) {
  const auto& set = options.quotas;
  kinesis::Quotas quotas;
  quotas.shards_large_region = set.shards.value_or(quotas.shards_large_region);
  quotas.shards = set.shards.value_or(quotas.shards);
  quotas.on_demand_streams = set.on_demand_streams.value_or(quotas.on_demand_streams);
  quotas.streams_creating = set.streams_creating.value_or(quotas.streams_creating);
  return quotas;
}

std::vector<aws::Credential> credentials_of(const Options& options) {
  std::vector<aws::Credential> credentials;
  for (const auto& key : options.credentials)
    credentials.push_back({key.id, key.secret, key.session_token, key.account, key.expiration});
  return credentials;
}

aws::AuthMode auth_mode(Auth auth) {
  if (auth == Auth::off) return aws::AuthMode::off;
  return auth == Auth::verify ? aws::AuthMode::verify : aws::AuthMode::required;
}

aws::DispatcherSettings dispatcher_settings(const Options& options,
                                            const aws::SignatureVerifier& verifier) {
  return {options.account, options.region, auth_mode(options.auth), &verifier};
}

aws::DispatcherSettings handler_settings(const Options& options) {
  const auto asked = options.auth == Auth::off ? aws::AuthMode::off : aws::AuthMode::required;
  return {options.account, options.region, asked, nullptr};
}

// What a function is given without effect, by its kind: one that runs elsewhere is only called.
std::optional<aws::Error> note_gaps(aws::GapSink& gaps,
                                    const functions::FunctionSettings& function) {
  const bool elsewhere = !function.url.empty(), is_command = !function.command.empty();
  const std::tuple<bool, const char*, const char*> noted[] = {
      {elsewhere && !function.environment.empty(), "Environment",
       "The function runs elsewhere and has its own variables."},
      {elsewhere && function.max_concurrency != functions::FunctionSettings().max_concurrency,
       "MaxConcurrency", "The function runs elsewhere; its calls are not counted."},
      {(elsewhere || is_command) && !function.interpreter.empty(), "Interpreter",
       "Only a Runtime with a Handler has an interpreter."}};
  for (const auto& [given, setting, why] : noted) {
    if (!given) continue;
    if (auto refused = gaps.note("functions " + function.name, setting, why)) return refused;
  }
  return std::nullopt;
}

}  // namespace

std::string url_of(const std::string& host, std::uint16_t port) {
  std::string name = host;
  if (host == "0.0.0.0") name = "127.0.0.1";
  if (host == "::") name = "::1";
  if (name.find(':') != std::string::npos && !name.starts_with('[')) name = "[" + name + "]";
  return "http://" + name + ":" + std::to_string(port);
}

std::optional<aws::Error> GapKeeper::note(const std::string& where, const std::string& setting,
                                          const std::string& why) {
  if (strict_)
    return aws::Error::invalid_argument(where + ": hydrant does not emulate " + setting + ". " +
                                        why);
  gaps_.add(where, setting, why);
  return std::nullopt;
}

Parts::Parts(const Options& server_options)
    : options(server_options),
      logger(Logger::to_stderr(options.log_level, options.log_format)),
      random(options.seed ? *options.seed : Random::seed_from_system()),
      token_random(random.next()),
      clock(make_clock(options.clock)),
      virtual_clock(dynamic_cast<VirtualClock*>(clock.get())),
      real_clock(dynamic_cast<RealClock*>(clock.get())),
      memory(options.memory.max_mib * 1024 * 1024),
      streams({*clock, memory, throttle_of(options), &wire_clock},
              {options.delays.create_stream, options.delays.reshard, options.delays.delete_stream,
               options.delays.update_stream, options.delays.consumer},
              options.memory.when_full == WhenMemoryIsFull::trim ? streams::WhenFull::trim
                                                                 : streams::WhenFull::refuse),
      objects(options.data_dir),
      functions(function_environment(options, logger, random)),
      sink(objects, *clock),
      error_log(std::filesystem::path(options.data_dir) / "logs", logger),
      deliveries(delivery_environment(*this), options.delays.create_delivery_stream),
      gap_keeper(gaps, options.strict),
      tokens(token_random),
      hints(logger),
      call_rates(*clock),
      firehose_environment{.registry = deliveries,
                           .streams = streams,
                           .clock = *clock,
                           .random = random,
                           .gaps = gap_keeper,
                           .lenient_partitioning = options.firehose.lenient_partitioning,
                           .kms_keys = &kms_keys,
                           .encryption_delay = options.delays.delivery_stream_encryption,
                           .limits_encryption_changes = options.throttle.control_plane,
                           .hints = &hints},
      kinesis({streams, *clock, tokens, gap_keeper, quotas_of(options), &hints,
               options.throttle.control_plane ? &call_rates : nullptr, &kms_keys}),
      firehose(firehose_environment),
      cloudwatch(metrics_sink),
      services{&kinesis, &firehose, &sts, &cloudwatch},
      verifier(credentials_of(options), system_now),
      dispatcher(dispatcher_settings(options, verifier), services, random, logger),
      handler_dispatcher(handler_settings(options), services, random, logger) {
  random.restart();  // parts have drawn from it: begin as after a reset
}

// Whatever may still call into the parts ends before the first of them goes.
Parts::~Parts() {
  if (real_clock != nullptr) real_clock->stop();
  wire_clock.stop();
  deliveries.clear();
  functions.reset();
  pool.wait_idle();
}

std::optional<std::string> Parts::declare_functions(const Resources& resources) {
  for (const auto& function : resources.functions)
    if (auto wrong = functions.add(function)) return wrong;
  return std::nullopt;
}

std::optional<std::string> Parts::create_resources(const Resources& resources) {
  for (const auto& function : resources.functions)
    if (const auto refused = note_gaps(gap_keeper, function)) return refused->message;
  for (std::size_t i = 0; i < resources.streams.size(); ++i) {
    const auto& resource = resources.streams[i];
    streams::StreamSettings settings;
    settings.mode = resource.on_demand ? streams::Mode::on_demand : streams::Mode::provisioned;
    settings.record_size_max_kib = resource.record_size_max_kib;
    settings.warm_throughput_mibps = resource.warm_throughput_mibps;
    const streams::StreamId id{options.account, options.region, resource.name};
    const auto stream = streams.create_active(id, settings, resource.shards);
    if (!stream) return "streams: two of them are named \"" + resource.name + "\".";
    const aws::TextMap tags(resource.tags.begin(), resource.tags.end());
    if (const auto wrong = kinesis::store_tags(id, stream->tags(), tags))
      return "streams[" + std::to_string(i) + "].Tags: " + wrong->message.value_or("");
  }
  for (std::size_t i = 0; i < resources.delivery_streams.size(); ++i) {
    const aws::Call call{"configuration", options.account, options.region};
    const auto body = aws::Json::parse(resources.delivery_streams[i].dump());
    const auto created = firehose::create_configured(firehose_environment, call, body);
    if (!created)
      return "deliveryStreams[" + std::to_string(i) + "]: " + created.error().code + ": " +
             created.error().message.value_or("");
  }
  return std::nullopt;
}

}  // namespace hydrant::server
