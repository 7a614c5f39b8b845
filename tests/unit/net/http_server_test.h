// The fixture of the server's tests: a handler that is a function, a server on a free port.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "net/http_server.h"
#include "raw_socket.h"

namespace hydrant::net {

using namespace std::chrono_literals;  // NOLINT: a test's own
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

inline constexpr auto kPatience = std::chrono::seconds(10);

class FunctionHandler final : public Handler {
 public:
  using Function = std::function<Reply(const Request&, Later&)>;
  explicit FunctionHandler(Function function) : function_(std::move(function)) {}
  Reply serve(const Request& request, Later& later) override { return function_(request, later); }

 private:
  const Function function_;
};

// Method, target and body come back; /size answers with the body's size alone.
inline Reply echo(const Request& request) {
  Reply reply;
  if (request.path() == "/size") {
    reply.body = std::to_string(request.body.size());
  } else {
    reply.body.append(request.method).append(" ").append(request.target).append(" ");
    reply.body.append(request.body);
  }
  return reply;
}

class HttpServerTest : public ::testing::Test {
 protected:
  // Called before start(), to answer in another way than echo().
  void handle(FunctionHandler::Function function) {
    handler_ = std::make_unique<FunctionHandler>(std::move(function));
  }
  void start(ServerSettings settings = {}) {
    server_ = std::make_unique<HttpServer>(settings, *handler_, logger_);
    const auto why = server_->start();
    ASSERT_FALSE(why.has_value()) << *why;
  }
  RawSocket connect() {
    RawSocket socket;
    EXPECT_TRUE(socket.connect(server_->port()));
    return socket;
  }
  RawReply ask(RawSocket& socket, std::string_view request) {
    EXPECT_TRUE(socket.send(request));
    return socket.read_reply();
  }
  RawReply ask(std::string_view request) {
    auto socket = connect();
    return ask(socket, request);
  }
  // The status of a request on a connection that is closed behind the reply.
  int refused(std::string_view request) {
    auto socket = connect();
    const auto reply = ask(socket, request);
    EXPECT_TRUE(socket.is_closed());
    EXPECT_THAT(reply.headers, Contains(Pair("Connection", "close")));
    return reply.status;
  }

  std::shared_ptr<Logger> logger_ = Logger::silent();
  std::unique_ptr<Handler> handler_ = std::make_unique<FunctionHandler>(
      [](const Request& request, Later&) { return echo(request); });
  std::unique_ptr<HttpServer> server_;
};

inline std::string post(std::string_view target, std::string_view body) {
  std::string request = "POST ";
  request.append(target).append(" HTTP/1.1\r\nHost: localhost\r\nContent-Length: ");
  request.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  return request;
}

inline const std::string kGet = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

}  // namespace hydrant::net
