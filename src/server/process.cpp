#include "server/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace hydrant::server {
namespace {

[[noreturn]] void end_with_sentence() {
  std::string why = "out of resources";
  try {
    if (const auto thrown = std::current_exception()) std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    why = error.what();
    why.resize(std::min(why.find(" ["), why.size()));  // the place in the source
  } catch (...) {
  }
  std::fprintf(stderr, "hydrant: cannot start: %s\n", why.c_str());
  std::_Exit(1);
}

// A child belongs to the thread that started it, orphans to the main thread: so this takes nothing
// from the thread that starts functions and reaps them.
void reap_orphans() {
  while (::waitpid(-1, nullptr, WNOHANG | __WNOTHREAD) > 0) continue;
}

bool is_ignored(int signal) {
  struct sigaction found {};
  return ::sigaction(signal, nullptr, &found) == 0 && found.sa_handler == SIG_IGN;
}

}  // namespace

void prepare_process() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    // The lowest number that is free is this one.
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) [[maybe_unused]]
      const int opened = ::open("/dev/null", O_RDWR);
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

StartGuard::StartGuard() : before_(std::set_terminate(end_with_sentence)) {}
StartGuard::~StartGuard() { std::set_terminate(before_); }

// Blocked before any thread starts, so that every thread inherits it and only sigwait() sees them.
StopSignals::StopSignals() {
  std::signal(SIGCHLD, SIG_DFL);  // ignored, it would take the exit statuses of functions
  ::sigemptyset(&waited_for_);
  for (const int signal : {SIGTERM, SIGINT, SIGCHLD}) ::sigaddset(&waited_for_, signal);
  if (!is_ignored(SIGHUP)) ::sigaddset(&waited_for_, SIGHUP);
  ::pthread_sigmask(SIG_BLOCK, &waited_for_, nullptr);
}

void StopSignals::wait() const {
  int signal = SIGCHLD;  // some may have been left before the start
  while (signal == SIGCHLD) {
    reap_orphans();
    ::sigwait(&waited_for_, &signal);
  }
}

void StopSignals::wait_again() {
  sigset_t again;
  ::sigemptyset(&again);
  ::sigaddset(&again, SIGTERM);
  ::sigaddset(&again, SIGINT);
  int signal = 0;
  ::sigwait(&again, &signal);
}

}  // namespace hydrant::server
