#include "net/channel.h"

#include <array>

namespace hydrant::net {

struct Channel::Tls {};

Channel::Channel(Socket socket) : socket_(std::move(socket)) {
  error_code ignored;  // a peer that has gone is found by the first read
  socket_.set_option(Tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
}

Channel::Channel(Channel&& other) noexcept = default;
Channel::~Channel() = default;

Task<Channel::Read> Channel::read_some_tls(char* into, std::size_t bytes_max) {
  return socket_.async_read_some(asio::buffer(into, bytes_max), kTuple);
}

std::size_t Channel::read_now(char* into, std::size_t bytes_max, error_code& error) {
  return socket_.read_some(asio::buffer(into, bytes_max), error);
}

std::size_t Channel::write_now(std::string_view first, std::string_view second, error_code& error) {
  const std::array buffers{asio::buffer(first), asio::buffer(second)};
  return socket_.write_some(buffers, error);
}

bool Channel::has_unread() {
  error_code ignored;
  return socket_.available(ignored) > 0;
}

void Channel::shutdown_send() {
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void Channel::close() {
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace hydrant::net
