// What belongs to the program rather than to the library: its signals, its standard descriptors and
// the children that are left to it. A process that embeds a server has its own ways with all three.
#pragma once
#include <csignal>
#include <exception>

namespace hydrant::server {

// Before anything is opened or written: descriptors 0 to 2 are open, so that no file or socket ever
// has one of their numbers, and a reader of the log that goes, or a limit on the size of files, is
// an error of a write rather than the end. Functions get the signals' defaults again.
void prepare_process();

// While this lives, what nobody catches ends the process with a sentence and exit code 1: the
// system gives it no more threads, memory or descriptors.
class StartGuard {
 public:
  StartGuard();
  ~StartGuard();
  StartGuard(const StartGuard&) = delete;
  StartGuard& operator=(const StartGuard&) = delete;

 private:
  const std::terminate_handler before_;
};

// SIGTERM, SIGINT, and SIGHUP unless it was ignored before the start (nohup).
class StopSignals {
 public:
  StopSignals();  // on the main thread, before any other starts
  // Until the first of them has come. Orphans that are left to this process, as to the first one of
  // a container, are reaped meanwhile.
  void wait() const;
  // Until SIGTERM or SIGINT comes: a terminal that closes may send SIGHUP twice.
  static void wait_again();

 private:
  sigset_t waited_for_;
};

}  // namespace hydrant::server
