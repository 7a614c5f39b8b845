#include "net/listener.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "core/clock.h"

namespace hydrant::net {
namespace {

constexpr std::chrono::milliseconds kPause{100};
constexpr std::chrono::seconds kToldEvery{10};

std::optional<asio::ip::address> address_of(std::string host) {
  if (host == "localhost") return asio::ip::address_v4::loopback();
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error) return std::nullopt;
  return address;
}

}  // namespace

bool is_listen_host(const std::string& host) { return address_of(host).has_value(); }

Listener::Listener(IoPool& pool, ConnectionCount& connections, std::size_t connections_max,
                   Deal deal, std::shared_ptr<Logger> logger)
    : pool_(pool),
      connections_(connections),
      connections_max_(connections_max),
      deal_(std::move(deal)),
      logger_(std::move(logger)),
      acceptor_(pool.first().context()),
      pause_(pool.first().context()) {}

std::optional<std::string> Listener::open(const std::string& host, std::uint16_t port) {
  const auto address = address_of(host);
  if (!address) return "cannot listen on '" + host + "': not an IP address or localhost";

  const Tcp::endpoint endpoint(*address, port);
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return "cannot listen on " + host + ":" + std::to_string(port) + ": " + error.message();
  }
  port_ = acceptor_.local_endpoint(error).port();
  return std::nullopt;
}

void Listener::accept() { asio::co_spawn(pool_.first().context(), run(), asio::detached); }

void Listener::close() {
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

// The reason stays for a while, and is tried again ten times a second.
void Listener::tell(error_code error) {
  const auto now = steady_now();
  if (told_ && now < *told_ + kToldEvery) return;
  told_ = now;
  logger_->warn("cannot accept a connection: {}", error.message());
}

// Out of file descriptors or memory, accept() fails at once and again: only a pause helps. The
// clients wait in the backlog meanwhile.
Task<> Listener::run() {
  while (acceptor_.is_open()) {
    IoThread& io = pool_.next();
    auto [error, socket] = co_await acceptor_.async_accept(io.context(), kTuple);
    if (!acceptor_.is_open()) co_return;
    if (error == asio::error::connection_aborted) continue;
    if (error) {
      tell(error);
      pause_.expires_after(kPause);
      co_await pause_.async_wait(kTuple);
      continue;
    }
    if (auto slot = connections_.enter(connections_max_))
      deal_(io, std::move(socket), std::move(slot));
  }
}

}  // namespace hydrant::net
