// Channel: the bytes of one connection, plain or inside TLS. The plain way adds nothing to the
// socket's own operations.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "net/io.h"

struct ssl_ctx_st;

namespace hydrant::net {

// Everything here is called on the connection's thread.
class Channel {
 public:
  explicit Channel(Socket socket);
  Channel(Channel&& other) noexcept;
  Channel& operator=(Channel&&) = delete;
  ~Channel();

  // Answers a handshake whose `first` bytes have been read already. False: it failed, and the
  // channel is of no more use.
  Task<bool> begin_tls(ssl_ctx_st* context, std::string first);
  // What was agreed on by ALPN; empty without TLS or ALPN.
  std::string_view protocol() const;

  using Read = std::tuple<error_code, std::size_t>;
  using Waited = std::tuple<error_code>;

  // At least one byte, or an error; the peer's end is asio::error::eof.
  Task<Read> read_some(char* into, std::size_t bytes_max) {
    if (tls_) return read_some_tls(into, bytes_max);
    return socket_.async_read_some(asio::buffer(into, bytes_max), kTuple);
  }
  // Without waiting, so that there may be none: would_block. After would_block from a write the
  // next one must begin with the same bytes.
  std::size_t read_now(char* into, std::size_t bytes_max, error_code& error);
  std::size_t write_now(std::string_view first, std::string_view second, error_code& error);

  Task<Waited> wait_writable() { return socket_.async_wait(Socket::wait_write, kTuple); }
  // The functions take an error_code and are called once; after the channel's end with an error.
  template <class Function>
  void when_readable(Function&& function) {
    socket_.async_wait(Socket::wait_read, std::forward<Function>(function));
  }
  template <class Function>
  void when_writable(Function&& function) {
    socket_.async_wait(Socket::wait_write, std::forward<Function>(function));
  }

  bool has_unread();     // bytes have come that nobody has read
  void shutdown_send();  // the peer sees the end of what was written
  void close();          // ends what waits

 private:
  class Tls;
  Task<Read> read_some_tls(char* into, std::size_t bytes_max);

  Socket socket_;
  std::unique_ptr<Tls> tls_;
};

}  // namespace hydrant::net
