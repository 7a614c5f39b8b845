// HttpServer: a listening socket, and threads that serve its connections. A connection may speak
// HTTP/1 or HTTP/2, with TLS or without: its first bytes tell.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/logging.h"
#include "net/message.h"

namespace hydrant::net {

// The certificate that TLS clients are shown.
struct TlsSettings {
  std::string certificate_file;  // a chain in PEM form; empty: one that is made
  std::string key_file;          // in PEM form; goes with the certificate
  std::string folder;            // keeps the one that is made; empty: nothing does
};

// None if no certificate is given, or it can be served; else what is wrong, as one sentence.
[[nodiscard]] std::optional<std::string> check_certificate(const TlsSettings& tls);

// Whether it is something to listen on: an IP address, also in brackets, or localhost.
[[nodiscard]] bool is_listen_host(const std::string& host);

// Every limit is on real time: it protects the process, not the emulation.
struct ServerSettings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0: one that is free
  std::size_t threads = 1;
  std::size_t header_bytes_max = 64 * 1024;       // more: 431
  std::size_t body_bytes_max = 16 * 1024 * 1024;  // more: 413
  // From its first byte to the end of the header; also of a TLS handshake.
  std::chrono::milliseconds header_time_max{10'000};
  std::chrono::milliseconds body_time_max{60'000};   // of the whole body, and of writing a reply
  std::chrono::milliseconds idle_time_max{120'000};  // between two requests
  std::size_t connections_max = 20'000;
  TlsSettings tls;
};

// One acceptor deals the connections round robin to one io_context per thread; a connection stays
// on its thread for life. start(), stop() and the destructor belong to one thread; serve() of the
// handler is called on the I/O threads.
class HttpServer {
 public:
  HttpServer(ServerSettings settings, Handler& handler, std::shared_ptr<Logger> logger);
  ~HttpServer();  // stops at once if stop() was not called

  // None once the port is bound and accepted on; else why not, as one sentence.
  [[nodiscard]] std::optional<std::string> start();
  std::uint16_t port() const;  // the port that was bound
  std::size_t connections() const;

  // Stops accepting, closes idle connections, lets the requests under way be answered (their
  // replies say Connection: close) for `grace` at the most, then closes the rest. Returns when all
  // is closed.
  void stop(std::chrono::milliseconds grace);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hydrant::net
