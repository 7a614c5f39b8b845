// Plain blocking sockets over loopback. Every read gives up after ten seconds, so a test fails
// instead of hanging.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "net/message.h"

namespace hydrant::net {

struct RawReply {
  int status = 0;  // 0: there was none
  std::map<std::string, std::string> headers;
  std::string body;
};

class RawSocket {
 public:
  RawSocket() : RawSocket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  explicit RawSocket(int fd) : fd_(fd) {
    const timeval limit{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  RawSocket(RawSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  RawSocket& operator=(RawSocket&&) = delete;
  virtual ~RawSocket() {
    if (fd_ >= 0) ::close(fd_);
  }

  int fd() const { return fd_; }

  bool connect(std::uint16_t port) {
    const auto address = loopback(port);
    return ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = transmit(bytes);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void half_close() { ::shutdown(fd_, SHUT_WR); }
  void reset() {  // the peer sees an error instead of an end
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(std::exchange(fd_, -1));
  }

  // Up to and with the first `end`; what has come if the connection ends before.
  std::string read_until(std::string_view end) {
    while (true) {
      if (const auto at = unread_.find(end); at != std::string::npos) return take(at + end.size());
      if (!read_some()) return take(unread_.size());
    }
  }
  std::string read(std::size_t bytes) {
    while (unread_.size() < bytes && read_some()) continue;
    return take(std::min(bytes, unread_.size()));
  }
  // Whatever comes next; empty at the end.
  std::string read_available() {
    if (unread_.empty()) read_some();
    return take(unread_.size());
  }
  std::string read_to_end() {
    while (read_some()) continue;
    return take(unread_.size());
  }
  // True once the peer has ended or reset the connection with nothing left to read.
  bool is_closed() { return unread_.empty() && !read_some() && !timed_out_; }

  // The same, but only for an orderly end.
  bool has_ended() { return is_closed() && !reset_; }

  RawReply read_reply(bool has_body = true) {
    const std::string head = read_until("\r\n\r\n");
    RawReply reply;
    if (!head.starts_with("HTTP/1.1 ") || !head.ends_with("\r\n\r\n")) return reply;
    reply.status = std::stoi(head.substr(9, 3));
    for (std::size_t at = head.find("\r\n") + 2; at < head.size() - 2;) {
      const auto end = head.find("\r\n", at);
      const auto colon = head.find(": ", at);
      reply.headers[head.substr(at, colon - at)] = head.substr(colon + 2, end - colon - 2);
      at = end + 2;
    }
    const auto length = reply.headers.find("Content-Length");
    if (has_body && length != reply.headers.end()) reply.body = read(std::stoul(length->second));
    return reply;
  }

  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

 protected:
  virtual ssize_t transmit(std::string_view bytes) {
    return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  virtual ssize_t receive(char* into, std::size_t bytes_max) {
    return ::recv(fd_, into, bytes_max, 0);
  }

 private:
  bool read_some() {
    char bytes[64 * 1024];
    const auto got = receive(bytes, sizeof bytes);
    timed_out_ = got < 0 && errno == EAGAIN;
    reset_ = got < 0;
    if (got > 0) unread_.append(bytes, static_cast<std::size_t>(got));
    return got > 0;
  }
  std::string take(std::size_t bytes) {
    std::string taken = unread_.substr(0, bytes);
    unread_.erase(0, bytes);
    return taken;
  }

  int fd_;
  std::string unread_;
  bool timed_out_ = false;
  bool reset_ = false;
};

// A listening socket that a test answers by hand.
class RawListener {
 public:
  RawListener() {
    auto address = RawSocket::loopback(0);
    ::bind(socket_.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(socket_.fd(), 8);
  }
  std::uint16_t port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(socket_.fd(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }
  std::string url(const std::string& target = "/") const {
    return "http://127.0.0.1:" + std::to_string(port()) + target;
  }
  RawSocket accept() { return RawSocket(::accept(socket_.fd(), nullptr, nullptr)); }

 private:
  RawSocket socket_;
};

}  // namespace hydrant::net
