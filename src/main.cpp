// Options -> Server -> wait for a signal.
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <variant>

#include "core/logging.h"
#include "hydrant/server.h"
#include "hydrant/version.h"
#include "server/health_check.h"
#include "server/options.h"
#include "server/process.h"

extern char** environ;

namespace {

using hydrant::server::CommandLine;
using hydrant::server::StartGuard;
using hydrant::server::StopSignals;

// One line, whatever the names and values in it are made of.
void say(const std::string& sentence) {
  std::string line;
  for (const char c : sentence) {
    const auto byte = static_cast<unsigned char>(c);
    char escaped[5] = {c};
    if (byte < ' ' || byte == 0x7f) std::snprintf(escaped, sizeof escaped, "\\x%02x", byte);
    line += escaped;
  }
  std::cerr << "hydrant: " << line << "\n";
}

int fail(const std::string& sentence, int code) {
  say(sentence);
  return code;
}

int print(const std::string& text) {
  std::cout << text << std::flush;
  return std::cout ? 0 : fail("cannot write to standard output", 1);
}

// What a server writes are lines of its log.
void warn(const CommandLine& line) {
  const auto logger = hydrant::Logger::to_stderr(line.options.log_level, line.options.log_format);
  for (const auto& warning : line.warnings) {
    if (line.action != hydrant::server::Action::run) {
      say(warning);
    } else {
      logger->warn("{}", warning);
    }
  }
}

void end_at_second_signal() {
  try {
    std::thread([] {
      StopSignals::wait_again();
      std::_Exit(1);
    }).detach();
  } catch (const std::system_error&) {  // no thread is left: what is buffered matters more
  }
}

int run(const hydrant::Options& options) {
  std::optional<StartGuard> guard(std::in_place);
  const StopSignals signals;
  hydrant::Server server(options);
  if (const auto failure = server.start()) return fail(failure->sentence, failure->exit_code);
  guard.reset();
  std::cout << "hydrant " << hydrant::kVersion << " listening on " << server.url() << std::endl;

  signals.wait();
  end_at_second_signal();
  return server.stop() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace hydrant::server;
  prepare_process();
  const auto parsed = read_command_line(argc, argv, environ);
  if (const auto* error = std::get_if<ConfigurationError>(&parsed)) return fail(error->sentence, 2);
  const auto& line = std::get<CommandLine>(parsed);
  warn(line);

  switch (line.action) {
    case Action::help:
      return print(help_text());
    case Action::version:
      return print(std::string("hydrant ") + hydrant::kVersion + "\n");
    case Action::health:
      if (const auto why = why_not_serving(line.options)) return fail(*why, 1);
      return 0;
    case Action::check:
      if (const auto wrong = hydrant::Server(line.options).check())
        return fail(wrong->sentence, wrong->exit_code);
      say("the configuration is good");
      return 0;
    case Action::run:
      break;
  }
  return run(line.options);
}
