#include "engine/functions/sandbox.h"

#include <cstdio>
#include <utility>

#include "core/clock.h"
#include "engine/functions/failures.h"
#include "engine/functions/program_of_function.h"

namespace hydrant::functions {
namespace {

constexpr std::chrono::milliseconds kKillTimeMax{2'000};

net::ServerSettings server_settings() {
  net::ServerSettings settings;
  // Larger results are refused by the API itself, with its own error.
  settings.body_bytes_max = 64 * 1024 * 1024;
  // The connection is idle while the handler works.
  settings.idle_time_max = std::chrono::hours(24);
  settings.connections_max = 64;
  return settings;
}

// 2026/01/01/[$LATEST] and 32 hex digits.
std::string log_stream_name(Random& random) {
  std::string day = format_utc(system_now()).substr(0, 10);
  for (char& c : day) {
    if (c == '-') c = '/';
  }
  char digits[33];
  std::snprintf(digits, sizeof digits, "%016llx%016llx",
                static_cast<unsigned long long>(random.next()),
                static_cast<unsigned long long>(random.next()));
  return day + "/[$LATEST]" + digits;
}

}  // namespace

Sandbox::Sandbox(FunctionHost& host)
    : api_(std::make_shared<RuntimeApi>(host.init_time_max)),
      server_(server_settings(), *api_, host.logger) {}

Sandbox::Started Sandbox::start(FunctionHost& host, const FunctionSettings& settings) {
  std::unique_ptr<Sandbox> sandbox(new Sandbox(host));
  if (const auto failure = sandbox->server_.start()) return SpawnFailure{*failure};
  const ProcessFacts facts{"127.0.0.1:" + std::to_string(sandbox->server_.port()),
                           host.endpoint_url(), host.region, host.account,
                           log_stream_name(host.random)};
  ProcessEvents events;
  events.on_line = [logger = host.logger, name = settings.name](std::string_view line) {
    logger->info("function {}: {}", name, line);
  };
  events.on_exit = [api = sandbox->api_](const std::string& how) { api->process_exited(how); };
  auto process = host.supervisor.start(program_of(settings, facts), std::move(events));
  if (!process) return process.error();
  sandbox->process_ = std::move(*process);
  return sandbox;
}

Sandbox::~Sandbox() {
  if (process_) {
    process_->end(std::chrono::milliseconds(0));
    wait_ended(kKillTimeMax);
  }
  server_.stop(std::chrono::milliseconds(0));
  api_->drop_waiting();
}

void Sandbox::end(std::chrono::milliseconds grace) {
  api_->abandon();
  process_->end(grace);
}

void Sandbox::wait_ended(std::chrono::milliseconds time_max) const {
  process_->wait_reaped(time_max);
}

}  // namespace hydrant::functions
