// The client against our own server, and against sockets that a test answers by hand.
#include "net/http_client.h"

#include "http_server_test.h"
#include "tls_listener.h"

namespace hydrant::net {
namespace {

using Failure = ClientReply::Failure;

class HttpClientTest : public HttpServerTest {
 protected:
  std::string url(const std::string& target) const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + target;
  }
  // What the client makes of these bytes, sent in reply to its request.
  ClientReply send_answered_by(const std::string& bytes, ClientRequest request = {}) {
    RawListener listener;
    request.url = listener.url();
    auto reply = std::async(std::launch::async, [&] { return client_.send(request); });
    RawSocket socket = listener.accept();
    request_ = socket.read_until("\r\n\r\n");
    socket.send(bytes);
    socket.half_close();
    return reply.get();
  }

  const HttpClient client_{};
  std::string request_;  // the header that the client sent
};

TEST_F(HttpClientTest, SendsARequestAndReadsTheReply) {
  handle([](const Request& request, Later&) {
    Reply reply = echo(request);
    reply.status = 201;
    reply.header("X-Seen", request.header("x-sent"));
    return reply;
  });
  start();

  ClientRequest request;
  request.url = url("/a?b=c");
  request.headers = {{"X-Sent", "value"}};
  request.body = "body";
  const auto reply = client_.send(request);

  EXPECT_EQ(reply.failure, Failure::none) << reply.failure_text;
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body, "POST /a?b=c body");
  EXPECT_THAT(reply.headers, Contains(Pair("x-seen", "value")));
}

TEST_F(HttpClientTest, LargeBodiesGoBothWays) {
  start();
  ClientRequest request;
  request.url = url("/");
  request.body.assign(10'000'000, 'b');

  EXPECT_TRUE(client_.send(request).body == "POST / " + request.body);
}

TEST_F(HttpClientTest, ReadsARefusalThatComesBeforeTheWholeBodyWasSent) {
  ServerSettings settings;
  settings.body_bytes_max = 1'000;
  start(settings);
  ClientRequest request;
  request.url = url("/");
  request.body.assign(30'000'000, 'b');

  EXPECT_EQ(client_.send(request).status, 413);
}

TEST_F(HttpClientTest, TellsTheServerWhatItIs) {
  ClientRequest request;
  request.method = "GET";
  send_answered_by("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", request);

  EXPECT_THAT(request_, ::testing::StartsWith("GET / HTTP/1.1\r\nHost: 127.0.0.1:"));
  EXPECT_THAT(request_, ::testing::HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(request_, Not(::testing::HasSubstr("Content-Length")));
}

TEST_F(HttpClientTest, ReadsAChunkedReply) {
  const auto reply = send_answered_by(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");

  EXPECT_EQ(reply.body, "abcde");
}

TEST_F(HttpClientTest, ReadsAReplyThatEndsWithTheConnection) {
  const auto reply = send_answered_by("HTTP/1.0 200 OK\r\n\r\nto the end");

  EXPECT_EQ(reply.failure, Failure::none) << reply.failure_text;
  EXPECT_EQ(reply.body, "to the end");
}

TEST_F(HttpClientTest, SkipsAnInterimReply) {
  const auto reply = send_answered_by(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "ok");
}

TEST_F(HttpClientTest, ExpectsNoBodyOfAHead) {
  ClientRequest request;
  request.method = "HEAD";

  const auto reply = send_answered_by("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", request);

  EXPECT_EQ(reply.failure, Failure::none) << reply.failure_text;
  EXPECT_THAT(reply.headers, Contains(Pair("content-length", "9")));
}

TEST_F(HttpClientTest, AReplyThatIsTooLargeIsAFailure) {
  ClientRequest request;
  request.body_bytes_max = 4;

  EXPECT_EQ(send_answered_by("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n1234", request).body,
            "1234");
  EXPECT_EQ(send_answered_by("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345", request).failure,
            Failure::too_large);
  EXPECT_EQ(send_answered_by("HTTP/1.1 200 OK\r\n\r\n12345", request).failure, Failure::too_large);
}

TEST_F(HttpClientTest, WhatIsNoReplyIsAFailure) {
  EXPECT_EQ(send_answered_by("what?\r\n\r\n").failure, Failure::protocol);
  EXPECT_EQ(send_answered_by("").failure, Failure::protocol);
  EXPECT_EQ(send_answered_by("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n123").failure,
            Failure::protocol);
}

TEST_F(HttpClientTest, AServerThatDoesNotAnswerIsATimeout) {
  const RawListener listener;  // its backlog accepts, nobody reads
  ClientRequest request;
  request.url = listener.url();
  request.time_max = 30ms;

  const auto reply = client_.send(request);

  EXPECT_EQ(reply.failure, Failure::timeout);
  EXPECT_EQ(reply.failure_text, "no reply from " + listener.url() + " within 30 ms");
}

TEST_F(HttpClientTest, AServerThatDoesNotReadIsATimeout) {
  const RawListener listener;
  ClientRequest request;
  request.url = listener.url();
  request.time_max = 50ms;
  request.body.assign(50'000'000, 'b');

  EXPECT_EQ(client_.send(request).failure, Failure::timeout);
}

TEST_F(HttpClientTest, AClosedPortIsAFailureToConnect) {
  ClientRequest request;
  request.url = RawListener().url();  // closed again

  const auto reply = client_.send(request);

  EXPECT_EQ(reply.failure, Failure::connect);
  EXPECT_EQ(reply.failure_text, "cannot connect to " + request.url + ": Connection refused");
}

// A TLS server that never says a word: the connection is not there before the handshake is done.
TEST_F(HttpClientTest, TheTimeToConnectHasItsOwnLimit) {
  const RawListener listener;
  ClientRequest request;
  request.url = "https://127.0.0.1:" + std::to_string(listener.port());
  request.connect_time_max = 30ms;

  EXPECT_EQ(client_.send(request).failure, Failure::connect);
}

TEST_F(HttpClientTest, WhatIsNoUrlIsRefused) {
  for (const char* url :
       {"", "127.0.0.1", "ftp://host/", "http://", "http:///path", "http://host:/",
        "http://host:x/", "http://host/a b", "http://host/a\r\nX: y", "http://user@host/",
        "http://host:65536/", "http://host:0/"}) {
    ClientRequest request;
    request.url = url;
    EXPECT_EQ(client_.send(request).failure, Failure::bad_url) << url;
  }
}

TEST_F(HttpClientTest, AUrlNeedsNoPath) {
  start();
  ClientRequest request;
  request.url = url("?x=1#fragment");

  EXPECT_EQ(client_.send(request).body, "POST /?x=1 ");
}

TEST_F(HttpClientTest, NamesAreResolved) {
  start();
  ClientRequest request;
  request.url = "http://localhost:" + std::to_string(server_->port()) + "/";

  EXPECT_EQ(client_.send(request).body, "POST / ");
}

TEST_F(HttpClientTest, SpeaksTlsToAnyCertificate) {
  TlsListener listener;
  ClientRequest request;
  request.url = "https://127.0.0.1:" + std::to_string(listener.port()) + "/secret";
  auto reply = std::async(std::launch::async, [&] { return client_.send(request); });

  EXPECT_THAT(listener.serve_once("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
              ::testing::StartsWith("POST /secret HTTP/1.1\r\n"));
  EXPECT_EQ(reply.get().body, "ok");
}

TEST_F(HttpClientTest, ATlsReplyMayEndWithTheConnection) {
  TlsListener listener;
  ClientRequest request;
  request.url = "https://localhost:" + std::to_string(listener.port()) + "/";
  auto reply = std::async(std::launch::async, [&] { return client_.send(request); });

  listener.serve_once("HTTP/1.0 200 OK\r\n\r\nto the end");

  EXPECT_EQ(reply.get().body, "to the end");
}

}  // namespace
}  // namespace hydrant::net
