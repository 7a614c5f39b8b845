// A client of HTTP/1.1 on loopback in a few lines: one request, one connection.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace embed {

// The status and the body of an answer.
struct Answer {
  int status = 0;
  std::string body;
};

inline Answer exchange(int socket, const std::string& request) {
  for (std::size_t sent = 0; sent < request.size();) {
    const ssize_t written = ::send(socket, request.data() + sent, request.size() - sent, 0);
    if (written <= 0) throw std::runtime_error("cannot send");
    sent += static_cast<std::size_t>(written);
  }
  std::string text;
  char piece[4096];
  for (ssize_t got; (got = ::recv(socket, piece, sizeof piece, 0)) > 0;)
    text.append(piece, static_cast<std::size_t>(got));
  Answer answer;
  const auto head = text.find("\r\n\r\n");
  if (head == std::string::npos || std::sscanf(text.c_str(), "HTTP/1.1 %d", &answer.status) != 1)
    throw std::runtime_error("no answer");
  answer.body = text.substr(head + 4);
  return answer;
}

// An AWS request as every SDK sends it, but for the signature: `target` as
// Firehose_20150804.PutRecord.
inline Answer call(std::uint16_t port, const std::string& target, const std::string& json) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket);
    throw std::runtime_error("cannot connect");
  }
  const auto answer = exchange(socket,
                               "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                               "Content-Type: application/x-amz-json-1.1\r\nX-Amz-Target: " +
                                   target + "\r\nContent-Length: " + std::to_string(json.size()) +
                                   "\r\n\r\n" + json);
  ::close(socket);
  return answer;
}

}  // namespace embed
