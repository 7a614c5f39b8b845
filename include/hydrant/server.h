// Server: start here. A whole hydrant in this process, on a port of its own.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hydrant/options.h"

namespace hydrant {

// start() and stop() belong to one thread; advance(), flush() and reset() may be called from any
// between the two. Several servers may live in one process.
class Server {
 public:
  // Why a server could not start, as one sentence, and the exit code that main() gives it.
  struct Failure {
    std::string sentence;
    int exit_code = 1;  // 1: could not run; 2: bad configuration
  };

  explicit Server(Options options);
  ~Server();  // stops without delivering what is buffered, unless stop() was called
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // None once requests are served and every configured resource is ACTIVE.
  [[nodiscard]] std::optional<Failure> start();
  // Reads the configuration and says what is wrong with it, without binding a port.
  [[nodiscard]] std::optional<Failure> check();

  std::uint16_t port() const;  // the port that was bound
  std::string url() const;     // http://127.0.0.1:4566

  // What tests ask of /_hydrant/, without HTTP. Each returns when its work is done. A refusal is
  // one sentence, that of the admin interface; none: it was done.

  // POST /_hydrant/clock/advance: moves a virtual clock, at most three years at a time, and does
  // all that is due by then. Refused under a real clock, and while another advance is under way.
  [[nodiscard]] std::optional<std::string> advance(std::chrono::microseconds by);

  struct Flushed {
    std::vector<std::string> objects;  // bucket/key, in the order of writing
    // Empty, or why not all was delivered. What was not stays buffered and is tried again.
    std::string error;
  };
  // POST /_hydrant/flush: delivers what is buffered, of one delivery stream or, without a name, of
  // all.
  Flushed flush(const std::string& delivery_stream = "");

  // POST /_hydrant/reset: forgets every resource and object, and creates those of the configuration
  // again. The clock stays.
  [[nodiscard]] std::optional<std::string> reset();

  // Stops accepting, finishes the requests under way, delivers what is buffered (unless
  // Options::flush_on_exit is off). False if something stayed undelivered.
  bool stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hydrant
