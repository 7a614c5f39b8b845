// HttpServer: puts the pool, the listener and the connections together, and takes them apart again
// in an order in which nothing is missed.
#include "net/http_server.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <condition_variable>
#include <exception>
#include <latch>
#include <mutex>
#include <stop_token>
#include <thread>

#include "net/greeting.h"
#include "net/http1_session.h"
#include "net/http2_session.h"
#include "net/io_pool.h"
#include "net/listener.h"
#include "net/service.h"
#include "net/tls_context.h"

namespace hydrant::net {
namespace {

// A quarter of the shortest limit, so that a limit is kept to a quarter or so.
std::chrono::milliseconds sweep_period(const ServerSettings& settings) {
  const auto shortest =
      std::min({settings.header_time_max, settings.body_time_max, settings.idle_time_max});
  return std::clamp<std::chrono::milliseconds>(shortest / 4, std::chrono::milliseconds(10),
                                               std::chrono::milliseconds(1'000));
}

// The slot comes first: the place is free only when all else of the connection is gone.
Task<> run_connection(ConnectionCount::Slot slot, const Service& service, IoThread& io,
                      Socket socket) {
  (void)slot;
  Channel channel(std::move(socket));
  std::string first;
  auto wire = Greeting::Wire::none;
  {
    Greeting greeting(service, io, channel);
    wire = co_await greeting.run();
    first = greeting.bytes();
  }
  if (wire == Greeting::Wire::http1) {
    Http1Session session(service, io, std::move(channel), first);
    co_await session.run();
  } else if (wire == Greeting::Wire::http2) {
    Http2Session session(service, io, std::move(channel), first);
    co_await session.run();
  }
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(ServerSettings settings, Handler& handler, std::shared_ptr<Logger> logger)
      : settings_(std::move(settings)),
        tls_(settings_, logger),
        service_{settings_, handler, logger, tls_},
        pool_(settings_.threads, sweep_period(settings_), logger),
        listener_(
            pool_, connections_, settings_.connections_max,
            [this](IoThread& io, Socket socket, ConnectionCount::Slot slot) {
              deal(io, std::move(socket), std::move(slot));
            },
            logger) {}

  std::optional<std::string> start() {
    if (auto why = check_certificate(settings_.tls)) return why;
    if (auto why = listener_.open(settings_.host, settings_.port)) return why;
    running_ = true;
    listener_.accept();
    pool_.start();
    // Users look for the authority's certificate before their first connection. The start does not
    // wait for it.
    if (!settings_.tls.folder.empty())
      identity_ = std::jthread([this](const std::stop_token& stop) { make_identity(stop); });
    return std::nullopt;
  }

  // The connections drain only after the listener is closed, from its thread: none is dealt behind
  // the call.
  void stop(std::chrono::milliseconds grace) {
    if (!std::exchange(running_, false)) return;
    std::latch closed(1);
    asio::post(pool_.first().context(), [this, &closed] {
      listener_.close();
      pool_.drain();
      closed.count_down();
    });
    closed.wait();
    if (!connections_.wait_none(grace)) {
      pool_.close_all();
      connections_.wait_none();
    }
    pool_.join();
    identity_ = {};
  }

  std::uint16_t port() const { return listener_.port(); }
  std::size_t connections() const { return connections_.value(); }

 private:
  // To make keys takes milliseconds of a processor, which whoever has waited for the start to ask
  // something would wait for as well.
  void make_identity(const std::stop_token& stop) {
    constexpr std::chrono::milliseconds kFirstRequestsTime{20};
    std::mutex mutex;
    std::condition_variable_any passed;
    std::unique_lock lock(mutex);
    passed.wait_for(lock, stop, kFirstRequestsTime, [] { return false; });
    if (!stop.stop_requested()) tls_.get();
  }

  void deal(IoThread& io, Socket socket, ConnectionCount::Slot slot) {
    asio::co_spawn(io.context(), run_connection(std::move(slot), service_, io, std::move(socket)),
                   [logger = service_.logger](const std::exception_ptr& failure) {
                     if (!failure) return;
                     try {
                       std::rethrow_exception(failure);
                     } catch (const std::exception& error) {
                       logger->error("a connection failed: {}", error.what());
                     }
                   });
  }

  const ServerSettings settings_;
  TlsContext tls_;
  const Service service_;
  ConnectionCount connections_;
  IoPool pool_;
  Listener listener_;
  std::jthread identity_;
  bool running_ = false;
};

HttpServer::HttpServer(ServerSettings settings, Handler& handler, std::shared_ptr<Logger> logger)
    : impl_(std::make_unique<Impl>(std::move(settings), handler, std::move(logger))) {}
HttpServer::~HttpServer() { stop(std::chrono::milliseconds(0)); }

std::optional<std::string> HttpServer::start() { return impl_->start(); }
std::uint16_t HttpServer::port() const { return impl_->port(); }
std::size_t HttpServer::connections() const { return impl_->connections(); }
void HttpServer::stop(std::chrono::milliseconds grace) { impl_->stop(grace); }

}  // namespace hydrant::net
