// Requests that are refused, and the limits on sizes, times and numbers.
#include <fcntl.h>
#include <spdlog/sinks/base_sink.h>
#include <sys/resource.h>

#include <mutex>

#include "http_server_test.h"

namespace hydrant::net {
namespace {

class HttpServerLimitsTest : public HttpServerTest {};

TEST_F(HttpServerLimitsTest, WhatIsNoRequestIs400) {
  start();

  EXPECT_EQ(refused("nonsense\r\n\r\n"), 400);
  EXPECT_EQ(refused("GET /\r\n\r\n"), 400);
  EXPECT_EQ(refused("GET / HTTP/2.0\r\n\r\n"), 400);
  EXPECT_EQ(refused("GET / HTTP/1.1\r\nno colon\r\n\r\n"), 400);
  EXPECT_EQ(refused("GET / HTTP/1.1\r\nName : x\r\n\r\n"), 400);
  EXPECT_EQ(refused("GET / HTTP/1.1\r\nX: a\r\n folded\r\n\r\n"), 400);
  EXPECT_EQ(refused("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"), 400);
}

TEST_F(HttpServerLimitsTest, ABodyWhoseEndIsNotClearIs400) {
  start();

  EXPECT_EQ(refused("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"),
            400);
  EXPECT_EQ(refused("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"),
            400);
  EXPECT_EQ(refused("POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"), 400);
  EXPECT_EQ(refused("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"), 400);
  EXPECT_EQ(refused("POST / HTTP/1.1\r\nContent-Length: 3x\r\n\r\nabc"), 400);
  EXPECT_EQ(refused("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(refused("POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n"), 400);
  EXPECT_EQ(refused("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400);
}

TEST_F(HttpServerLimitsTest, AMalformedChunkIs400) {
  start();
  const std::string head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";

  EXPECT_EQ(refused(head + "xyz\r\n"), 400);
  EXPECT_EQ(refused(head + "3\r\nabcd\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(refused(head + "3;" + std::string(200'000, 'x')), 400);
}

TEST_F(HttpServerLimitsTest, AHeaderThatIsTooLargeIs431) {
  ServerSettings settings;
  settings.header_bytes_max = 2'000;
  start(settings);

  EXPECT_EQ(ask("GET / HTTP/1.1\r\nX: " + std::string(1'900, 'x') + "\r\n\r\n").status, 200);
  EXPECT_EQ(refused("GET / HTTP/1.1\r\nX: " + std::string(2'000, 'x') + "\r\n\r\n"), 431);
  EXPECT_EQ(refused("GET / HTTP/1.1\r\nX: " + std::string(2'000, 'x')), 431);
  EXPECT_EQ(refused("GET /" + std::string(2'000, 'x')), 431);
}

TEST_F(HttpServerLimitsTest, TheLimitOfAHeaderCountsAllItsPieces) {
  start();
  auto socket = connect();
  socket.send("GET / HTTP/1.1\r\n");

  for (int i = 0; i < 70; ++i) socket.send("X: " + std::string(1'000, 'x') + "\r\n");

  EXPECT_EQ(socket.read_reply().status, 431);
}

// The header's limit is not one of what was read together with it.
TEST_F(HttpServerLimitsTest, ABodyMayBeLargerThanTheHeadersLimit) {
  ServerSettings settings;
  settings.header_bytes_max = 500;
  start(settings);

  EXPECT_EQ(ask(post("/size", std::string(5'000, 'x'))).body, "5000");
}

TEST_F(HttpServerLimitsTest, ABodyThatIsTooLargeIs413) {
  ServerSettings settings;
  settings.body_bytes_max = 1'000;
  start(settings);

  EXPECT_EQ(ask(post("/size", std::string(1'000, 'x'))).body, "1000");
  EXPECT_EQ(refused(post("/size", std::string(1'001, 'x'))), 413);
  EXPECT_EQ(refused("POST / HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n"), 413);
}

TEST_F(HttpServerLimitsTest, AChunkedBodyThatIsTooLargeIs413) {
  ServerSettings settings;
  settings.body_bytes_max = 16;
  start(settings);
  const std::string head = "POST /size HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string eight = "8\r\n12345678\r\n";

  EXPECT_EQ(ask(head + eight + eight + "0\r\n\r\n").body, "16");
  EXPECT_EQ(refused(head + eight + eight + "1\r\nx\r\n0\r\n\r\n"), 413);
  EXPECT_EQ(refused(head + "fffffffff\r\n"), 413);
}

TEST_F(HttpServerLimitsTest, ATooLargeBodyIsRefusedInsteadOfContinued) {
  start();

  EXPECT_EQ(refused("PUT / HTTP/1.1\r\nContent-Length: 16777217\r\nExpect: 100-continue\r\n\r\n"),
            413);
}

// A client that reads only after it has written everything.
TEST_F(HttpServerLimitsTest, AClientCanReadTheRefusalBehindALargeBody) {
  start();

  EXPECT_EQ(ask(post("/", std::string(20'000'000, 'x'))).status, 413);
}

TEST_F(HttpServerLimitsTest, AnIdleConnectionIsClosed) {
  ServerSettings settings;
  settings.idle_time_max = 40ms;
  start(settings);
  auto fresh = connect();
  auto used = connect();

  EXPECT_EQ(ask(used, kGet).status, 200);

  EXPECT_TRUE(used.is_closed());
  EXPECT_TRUE(fresh.is_closed());
}

TEST_F(HttpServerLimitsTest, ASlowHeaderIsCutOff) {
  ServerSettings settings;
  settings.header_time_max = 40ms;
  start(settings);
  auto socket = connect();

  socket.send("GET / HT");

  EXPECT_TRUE(socket.is_closed());
}

// Each byte alone would be quick enough.
TEST_F(HttpServerLimitsTest, ADrippingHeaderIsCutOff) {
  ServerSettings settings;
  settings.header_time_max = 40ms;
  start(settings);
  auto socket = connect();
  auto clock = connect();  // nothing comes on it: its reads measure a millisecond
  const timeval millisecond{0, 1'000};
  ::setsockopt(clock.fd(), SOL_SOCKET, SO_RCVTIMEO, &millisecond, sizeof millisecond);

  int sent = 0;
  while (sent < 5'000 && socket.send("x")) {
    ++sent;
    clock.is_closed();
  }

  EXPECT_LT(sent, 5'000);
}

TEST_F(HttpServerLimitsTest, ASlowBodyIsCutOff) {
  ServerSettings settings;
  settings.body_time_max = 40ms;
  start(settings);
  auto plain = connect();
  auto chunked = connect();

  plain.send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
  chunked.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab");

  EXPECT_TRUE(plain.is_closed());
  EXPECT_TRUE(chunked.is_closed());
}

// The second connection, closed for idleness, tells that the first one's time is long over.
TEST_F(HttpServerLimitsTest, AReaderThatIsTooSlowIsCutOff) {
  constexpr std::size_t kSize = 64'000'000;
  handle([](const Request&, Later&) {
    Reply reply;
    reply.body.assign(kSize, 'x');
    return reply;
  });
  ServerSettings settings;
  settings.body_time_max = 40ms;
  settings.idle_time_max = 400ms;
  start(settings);
  auto slow = connect();
  slow.send(kGet);
  slow.read(1);
  auto idle = connect();

  EXPECT_TRUE(idle.is_closed());

  EXPECT_LT(slow.read_to_end().size(), kSize);
}

TEST_F(HttpServerLimitsTest, ConnectionsBeyondTheLimitAreClosed) {
  ServerSettings settings;
  settings.connections_max = 2;
  start(settings);
  auto first = connect();
  auto second = connect();
  EXPECT_EQ(ask(first, kGet).status, 200);
  EXPECT_EQ(ask(second, kGet).status, 200);

  auto third = connect();

  EXPECT_TRUE(third.is_closed());
  EXPECT_EQ(ask(first, kGet).status, 200);
}

class SignalSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  std::promise<void> logged;

 private:
  void sink_it_(const spdlog::details::log_msg&) override {
    if (!std::exchange(done_, true)) logged.set_value();
  }
  void flush_() override {}
  bool done_ = false;
};

TEST_F(HttpServerLimitsTest, OutOfFileDescriptorsItWaitsForOne) {
#if defined(__SANITIZE_ADDRESS__)
  // UndefinedBehaviorSanitizer opens a pipe to look at an object's type, and reports what it
  // cannot.
  GTEST_SKIP() << "needs file descriptors of its own";
#endif
  const auto sink = std::make_shared<SignalSink>();
  logger_ = std::make_shared<Logger>(std::make_shared<spdlog::logger>("test", sink));
  start();
  RawSocket socket;
  rlimit normal{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &normal), 0);
  const int lowest = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::close(lowest);
  rlimit none_left = normal;
  none_left.rlim_cur = static_cast<rlim_t>(lowest);

  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none_left), 0);
  const bool connected = socket.connect(server_->port());
  const auto failed = sink->logged.get_future().wait_for(kPatience);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &normal), 0);

  EXPECT_TRUE(connected);
  EXPECT_EQ(failed, std::future_status::ready);
  EXPECT_EQ(ask(socket, kGet).status, 200);
}

}  // namespace
}  // namespace hydrant::net
