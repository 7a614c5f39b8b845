// Greeting: the beginning of a connection, until its first bytes have told what it speaks. One port
// serves TLS, HTTP/2 with prior knowledge (SDKs for Java and JavaScript use it) and HTTP/1.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "net/channel.h"
#include "net/io.h"
#include "net/io_pool.h"
#include "net/service.h"

namespace hydrant::net {

// Everything here is called on the thread of `io`.
class Greeting final : public Session {
 public:
  enum class Wire { none, http1, http2 };

  Greeting(const Service& service, IoThread& io, Channel& channel);
  ~Greeting() override;

  // none: the connection has ended. Call once.
  Task<Wire> run();
  // What was read on the way, the first bytes of the session.
  std::string_view bytes() const { return bytes_; }

  void sweep(SteadyTime now) override;
  void drain() override { close(); }  // no request is under way
  void close() override;

 private:
  enum class Tells { http1, http2, tls, too_short };
  Tells look(bool inside_tls) const;
  Task<bool> read();
  Task<bool> begin_tls();

  const Service& service_;
  IoThread& io_;
  Channel& channel_;
  IoThread::Place place_;
  std::optional<SteadyTime> deadline_;
  std::string bytes_;
  bool closed_ = false;
};

}  // namespace hydrant::net
