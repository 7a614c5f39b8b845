// Server: start here. A whole hydrant in this process, on a port of its own.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "hydrant/options.h"

namespace hydrant {

// start() and stop() belong to one thread. Several servers may live in one process.
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

  // Stops accepting, finishes the requests under way, delivers what is buffered (unless
  // Options::flush_on_exit is off). False if something stayed undelivered.
  bool stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hydrant
