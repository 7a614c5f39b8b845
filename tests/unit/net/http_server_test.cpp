// Requests and replies as they should be: keep-alive, pipelines, bodies of every size and form.
#include "http_server_test.h"

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

namespace hydrant::net {
namespace {

std::string patterned(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>('a' + i * 7 % 26);
  return bytes;
}

TEST_F(HttpServerTest, AReplyHasStatusDateAndLength) {
  handle([](const Request&, Later&) {
    Reply reply;
    reply.status = 404;
    reply.header("x-amzn-RequestId", "r-1").body = "gone";
    return reply;
  });
  start();

  const auto reply = ask(kGet);

  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.body, "gone");
  EXPECT_THAT(reply.headers, Contains(Pair("x-amzn-RequestId", "r-1")));
  EXPECT_THAT(reply.headers, Contains(Pair("Date", ::testing::EndsWith(" GMT"))));
  EXPECT_THAT(reply.headers, Not(Contains(Key("Server"))));
  EXPECT_THAT(reply.headers, Not(Contains(Key("Connection"))));
}

TEST_F(HttpServerTest, ARequestHasItsPartsAndItsHeadersInAnyCase) {
  handle([](const Request& request, Later&) {
    Reply reply;
    reply.body.append(request.method).append("|").append(request.path()).append("|");
    reply.body.append(request.query()).append("|").append(request.header("X-ONE")).append("|");
    reply.body.append(request.header("x-none").data() == nullptr ? "none" : "some");
    reply.body.append(request.header("x-empty").data() == nullptr ? "none" : "some");
    return reply;
  });
  start();

  const auto reply = ask("PUT /a/b?c=d HTTP/1.1\r\nX-One:  1 \r\nX-Empty:\r\n\r\n");

  EXPECT_EQ(reply.body, "PUT|/a/b|c=d|1|nonesome");
}

TEST_F(HttpServerTest, AConnectionServesManyRequests) {
  start();
  auto socket = connect();

  for (int i = 0; i < 100; ++i) {
    const auto body = std::to_string(i);
    EXPECT_EQ(ask(socket, post("/", body)).body, "POST / " + body);
  }
  EXPECT_EQ(server_->connections(), 1U);
}

TEST_F(HttpServerTest, PipelinedRequestsAreAnsweredInOrder) {
  start();
  auto socket = connect();
  std::string requests, expected;
  for (int i = 0; i < 200; ++i) requests += post("/" + std::to_string(i), patterned(150));

  socket.send(requests);

  for (int i = 0; i < 200; ++i)
    EXPECT_EQ(socket.read_reply().body, "POST /" + std::to_string(i) + " " + patterned(150));
}

TEST_F(HttpServerTest, ARequestPipelinedBehindALargeBodyIsServed) {
  start();
  auto socket = connect();

  socket.send(post("/size", patterned(300'000)) + kGet);

  EXPECT_EQ(socket.read_reply().body, "300000");
  EXPECT_EQ(socket.read_reply().body, "GET / ");
}

TEST_F(HttpServerTest, BodiesOfEverySizeArriveWhole) {
  start();
  auto socket = connect();

  for (const std::size_t size : {0, 1, 100, 8'000, 8'100, 8'130, 8'140, 8'192, 9'000, 100'000,
                                 1'048'576, 3'000'000, 16'777'216}) {
    const auto body = patterned(size);
    const auto reply = ask(socket, post("/", body));
    EXPECT_TRUE(reply.body == "POST / " + body) << size << " bytes came as " << reply.body.size();
  }
}

TEST_F(HttpServerTest, BytesBehindABodyAreReadable) {
  handle([](const Request& request, Later&) {
    std::size_t sum = 0;  // the sanitizers look on
    const volatile char* const end = request.body.data() + request.body.size();
    for (std::size_t i = 0; i < kBodyPadding; ++i) sum += end[i] == 'x';
    Reply reply;
    reply.body = std::to_string(sum > kBodyPadding);
    return reply;
  });
  start();
  auto socket = connect();

  for (const std::size_t size : {0, 1, 8'000, 8'192, 20'000, 2'000'000})
    EXPECT_EQ(ask(socket, post("/", patterned(size))).body, "0");
  EXPECT_EQ(ask(socket, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").body,
            "0");
}

TEST_F(HttpServerTest, ARequestMayComeByteByByte) {
  start();
  auto socket = connect();

  for (const char c : post("/slow", "abc") + post("/again", "d")) socket.send({&c, 1});

  EXPECT_EQ(socket.read_reply().body, "POST /slow abc");
  EXPECT_EQ(socket.read_reply().body, "POST /again d");
}

// The buffer moves while the header is being read.
TEST_F(HttpServerTest, ALongHeaderInPiecesKeepsItsValues) {
  handle([](const Request& request, Later&) {
    Reply reply;
    reply.body.append(request.method).append(request.target).append(request.header("x-first"));
    reply.body.append(std::to_string(request.header("x-last").size()));
    return reply;
  });
  start();
  auto socket = connect();
  socket.send("GET /target HTTP/1.1\r\nX-First: one\r\n");
  for (int i = 0; i < 50; ++i) socket.send("X-Filler: " + std::string(600, 'f') + "\r\n");

  const auto reply = ask(socket, "X-Last: " + std::string(9'000, 'l') + "\r\n\r\n");

  EXPECT_EQ(reply.body, "GET/targetone9000");
}

TEST_F(HttpServerTest, AChunkedBodyIsDecoded) {
  start();
  auto socket = connect();

  const auto reply = ask(socket,
                         "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "5\r\nhello\r\n1;name=value\r\n \r\nA\r\n0123456789\r\n"
                         "0\r\nX-Trailer: yes\r\n\r\n");

  EXPECT_EQ(reply.body, "POST / hello 0123456789");
  EXPECT_EQ(ask(socket, kGet).body, "GET / ");
}

TEST_F(HttpServerTest, AChunkedBodyMayComeByteByByteWithTheNextRequestBehindIt) {
  start();
  auto socket = connect();
  const std::string request =
      "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";

  for (const char c : request) socket.send({&c, 1});
  socket.send(request + kGet);

  EXPECT_EQ(socket.read_reply().body, "POST /c abc");
  EXPECT_EQ(socket.read_reply().body, "POST /c abc");
  EXPECT_EQ(socket.read_reply().body, "GET / ");
}

TEST_F(HttpServerTest, ALargeChunkedBodyArrivesWhole) {
  start();
  auto socket = connect();
  const auto part = patterned(200'000);
  std::string request = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", body;
  for (int i = 0; i < 20; ++i) {
    request += "30d40\r\n" + part + "\r\n";
    body += part;
  }

  const auto reply = ask(socket, request + "0\r\n\r\n");

  EXPECT_TRUE(reply.body == "POST / " + body);
}

TEST_F(HttpServerTest, AClientThatExpectsItIsToldToContinue) {
  start();
  auto socket = connect();

  socket.send("POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(socket.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(ask(socket, "abc").body, "POST / abc");

  socket.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(socket.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(ask(socket, "1\r\nx\r\n0\r\n\r\n").body, "POST / x");
}

TEST_F(HttpServerTest, ABodyThatIsAlreadyHereNeedsNoContinue) {
  start();

  const auto reply = ask("POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc");

  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "POST / abc");
}

TEST_F(HttpServerTest, AClientOfHttp10IsClosedUnlessItAsksToStay) {
  start();
  auto leaving = connect();
  auto staying = connect();

  EXPECT_EQ(ask(leaving, "GET / HTTP/1.0\r\n\r\n").body, "GET / ");
  EXPECT_TRUE(leaving.is_closed());

  const auto reply = ask(staying, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(reply.headers, Contains(Pair("Connection", "keep-alive")));
  EXPECT_EQ(ask(staying, "GET /2 HTTP/1.0\r\n\r\n").body, "GET /2 ");
}

TEST_F(HttpServerTest, AClientThatAsksForItIsClosed) {
  start();

  EXPECT_EQ(refused("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), 200);
}

TEST_F(HttpServerTest, AHandlerMayEndTheConnection) {
  handle([](const Request&, Later&) {
    Reply reply;
    reply.close = true;
    return reply;
  });
  start();

  EXPECT_EQ(refused(kGet), 200);
}

// What the client had sent on behind must not cost it the reply.
TEST_F(HttpServerTest, TheLastReplyOfAPipelineArrives) {
  start();
  auto socket = connect();

  socket.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n" + post("/", patterned(500'000)));

  EXPECT_EQ(socket.read_reply().body, "GET / ");
  socket.half_close();
  EXPECT_TRUE(socket.has_ended());
}

TEST_F(HttpServerTest, AHalfClosedClientGetsItsReplies) {
  start();
  auto socket = connect();

  socket.send(kGet + kGet);
  socket.half_close();

  EXPECT_EQ(socket.read_reply().body, "GET / ");
  EXPECT_EQ(socket.read_reply().body, "GET / ");
  EXPECT_TRUE(socket.is_closed());
}

TEST_F(HttpServerTest, HeadGetsNoBody) {
  start();
  auto socket = connect();

  socket.send("HEAD / HTTP/1.1\r\n\r\n");
  EXPECT_THAT(socket.read_reply(false).headers, Contains(Pair("Content-Length", "7")));
  EXPECT_EQ(ask(socket, kGet).body, "GET / ");
}

TEST_F(HttpServerTest, NoContentHasNoLength) {
  handle([](const Request&, Later&) {
    Reply reply;
    reply.status = 204;
    return reply;
  });
  start();

  EXPECT_THAT(ask(kGet).headers, Not(Contains(Key("Content-Length"))));
}

TEST_F(HttpServerTest, ALargeReplyArrivesWhole) {
  const auto body = patterned(20'000'000);
  handle([&body](const Request&, Later&) {
    Reply reply;
    reply.body = body;
    return reply;
  });
  start();
  auto socket = connect();

  EXPECT_TRUE(ask(socket, kGet).body == body);
  EXPECT_TRUE(ask(socket, kGet).body == body);
}

TEST_F(HttpServerTest, AHandlerThatThrowsIsAnswered500) {
  handle([](const Request&, Later&) -> Reply { throw std::runtime_error("a bug"); });
  start();

  EXPECT_EQ(refused(kGet), 500);
  EXPECT_EQ(refused(kGet), 500);
}

TEST_F(HttpServerTest, ConnectionsAreDealtToEveryThread) {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  handle([&](const Request& request, Later&) {
    std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
    return echo(request);
  });
  ServerSettings settings;
  settings.threads = 3;
  start(settings);

  for (int i = 0; i < 6; ++i) EXPECT_EQ(ask(kGet).status, 200);

  EXPECT_EQ(threads.size(), 3U);
}

TEST_F(HttpServerTest, TwoServersServeInOneProcess) {
  FunctionHandler other([](const Request&, Later&) {
    Reply reply;
    reply.body = "other";
    return reply;
  });
  start();
  HttpServer second({}, other, logger_);
  ASSERT_FALSE(second.start().has_value());
  RawSocket socket;

  ASSERT_TRUE(socket.connect(second.port()));
  EXPECT_EQ(ask(socket, kGet).body, "other");
  EXPECT_EQ(ask(kGet).body, "GET / ");
}

TEST_F(HttpServerTest, ListensOnNamesAndAddresses) {
  for (const char* host : {"localhost", "127.0.0.1", "0.0.0.0"}) {
    ServerSettings settings;
    settings.host = host;
    start(settings);
    EXPECT_EQ(ask(kGet).status, 200) << host;
  }
}

TEST_F(HttpServerTest, ListensOnIpv6) {
  for (const char* host : {"::1", "[::1]"}) {
    ServerSettings settings;
    settings.host = host;
    HttpServer server(settings, *handler_, logger_);
    if (const auto why = server.start(); why && why->find("not an IP") == std::string::npos)
      GTEST_SKIP() << *why;
    EXPECT_NE(server.port(), 0);
  }
}

TEST_F(HttpServerTest, SaysWhyItCannotListen) {
  start();
  ServerSettings taken;
  taken.port = server_->port();
  ServerSettings nowhere;
  nowhere.host = "no-such-host";

  EXPECT_EQ(
      HttpServer(taken, *handler_, logger_).start(),
      "cannot listen on 127.0.0.1:" + std::to_string(taken.port) + ": Address already in use");
  EXPECT_EQ(HttpServer(nowhere, *handler_, logger_).start(),
            "cannot listen on 'no-such-host': not an IP address or localhost");
}

}  // namespace
}  // namespace hydrant::net
