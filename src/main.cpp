// Options -> Server -> wait for a signal.
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <variant>

#include "hydrant/server.h"
#include "hydrant/version.h"
#include "server/health_check.h"
#include "server/options.h"

extern char** environ;

namespace {

int fail(const std::string& sentence, int code) {
  std::cerr << "hydrant: " << sentence << "\n";
  return code;
}

// Blocked before any thread starts, so that every thread inherits it and only sigwait() sees them.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

int run(const hydrant::Options& options) {
  const sigset_t signals = block_stop_signals();
  hydrant::Server server(options);
  if (const auto failure = server.start()) return fail(failure->sentence, failure->exit_code);
  std::cout << "hydrant " << hydrant::kVersion << " listening on " << server.url() << std::endl;

  int signal = 0;
  sigwait(&signals, &signal);
  std::thread([signals] {  // a second signal ends at once
    int again = 0;
    sigwait(&signals, &again);
    std::_Exit(1);
  })
      .detach();
  return server.stop() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace hydrant::server;
  const auto parsed = read_command_line(argc, argv, environ);
  if (const auto* error = std::get_if<ConfigurationError>(&parsed)) return fail(error->sentence, 2);
  const auto& line = std::get<CommandLine>(parsed);
  for (const auto& warning : line.warnings) std::cerr << "hydrant: " << warning << "\n";

  switch (line.action) {
    case Action::help:
      std::cout << help_text();
      return 0;
    case Action::version:
      std::cout << "hydrant " << hydrant::kVersion << "\n";
      return 0;
    case Action::health:
      if (const auto why = why_not_serving(line.options)) return fail(*why, 1);
      return 0;
    case Action::check:
      if (const auto wrong = hydrant::Server(line.options).check())
        return fail(wrong->sentence, wrong->exit_code);
      std::cerr << "hydrant: the configuration is good\n";
      return 0;
    case Action::run:
      break;
  }
  return run(line.options);
}
