// Listener: the listening socket. It accepts on the first I/O thread and deals the sockets round
// robin, each bound to the io_context of its thread from the start.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/logging.h"
#include "net/http_server.h"
#include "net/io.h"
#include "net/io_pool.h"

namespace hydrant::net {

class Listener {
 public:
  // Starts a connection on its thread; called on the thread of the listener.
  using Deal = std::function<void(IoThread&, Socket, ConnectionCount::Slot)>;

  Listener(IoPool& pool, ConnectionCount& connections, std::size_t connections_max, Deal deal,
           std::shared_ptr<Logger> logger);

  // Before the pool starts. None once bound; else why not, as one sentence.
  std::optional<std::string> open(const std::string& host, std::uint16_t port);
  std::uint16_t port() const { return port_; }
  void accept();  // begins; returns at once
  void close();   // on the first thread of the pool

 private:
  Task<> run();
  void tell(error_code error);

  IoPool& pool_;
  ConnectionCount& connections_;
  const std::size_t connections_max_;
  const Deal deal_;
  const std::shared_ptr<Logger> logger_;
  Acceptor acceptor_;
  Timer pause_;
  std::uint16_t port_ = 0;
  std::optional<SteadyTime> told_;  // when a failure was last logged; of the first thread
};

}  // namespace hydrant::net
