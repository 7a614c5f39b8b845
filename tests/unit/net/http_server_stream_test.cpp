// Replies whose body is made while it is sent, over HTTP/1.
#include <thread>

#include "fed_stream.h"
#include "http_server_test.h"

namespace hydrant::net {
namespace {

const std::string kGet10 = "GET / HTTP/1.0\r\n\r\n";

class HttpServerStreamTest : public HttpServerTest {
 protected:
  void SetUp() override {
    handle([this](const Request& request, Later&) {
      if (request.path() != "/") return echo(request);
      Reply reply;
      reply.header("Content-Type", "text/x-stream");
      reply.stream = stream_.body();
      return reply;
    });
  }
  // What the next chunk holds; empty behind the last.
  static std::string chunk(RawSocket& socket) {
    const auto size = socket.read_until("\r\n");
    const auto payload = socket.read(std::stoul("0" + size, nullptr, 16));
    EXPECT_EQ(socket.read(2), "\r\n");
    return payload;
  }
  // Shuts the way to the peer: it is given more than the sockets hold.
  void stall() {
    stream_.feed_for_ever(64 * 1024);
    std::size_t before = 0;
    do {
      before = stream_.bytes_read();
      EXPECT_EQ(ask(post("/echo", "")).status, 200);
    } while (stream_.bytes_read() > before);
  }

  FedStream stream_;
};

TEST_F(HttpServerStreamTest, TheHeadIsSentAtOnce) {
  start();
  auto socket = connect();

  const auto reply = ask(socket, kGet);

  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.headers, Contains(Pair("Transfer-Encoding", "chunked")));
  EXPECT_THAT(reply.headers, Contains(Pair("Content-Type", "text/x-stream")));
  EXPECT_THAT(reply.headers, Not(Contains(Key("Content-Length"))));
}

TEST_F(HttpServerStreamTest, WhatIsReadyAtTheStartGoesWithTheHead) {
  stream_.feed("first");
  start();
  auto socket = connect();

  EXPECT_EQ(ask(socket, kGet).status, 200);

  EXPECT_EQ(chunk(socket), "first");
}

TEST_F(HttpServerStreamTest, EachWakeSendsAChunk) {
  start();
  auto socket = connect();
  ask(socket, kGet);

  for (int i = 0; i < 20; ++i) {
    std::thread([&] { stream_.feed("event " + std::to_string(i)); }).join();
    EXPECT_EQ(chunk(socket), "event " + std::to_string(i));
  }
}

TEST_F(HttpServerStreamTest, AWakeWithoutBytesSendsNothing) {
  start();
  auto socket = connect();
  ask(socket, kGet);
  stream_.wake();
  EXPECT_TRUE(stream_.wait_reads(2));

  stream_.feed("some");

  EXPECT_EQ(chunk(socket), "some");
}

TEST_F(HttpServerStreamTest, TheConnectionServesTheNextRequestBehindTheEnd) {
  start();
  auto socket = connect();
  ask(socket, kGet);
  stream_.feed("last");
  EXPECT_EQ(chunk(socket), "last");
  stream_.end();

  EXPECT_EQ(chunk(socket), "");

  EXPECT_TRUE(stream_.wait_destroyed());
  EXPECT_EQ(ask(socket, post("/a", "b")).body, "POST /a b");
}

TEST_F(HttpServerStreamTest, ARequestThatCameMeanwhileIsServedBehindTheEnd) {
  start();
  auto socket = connect();
  ask(socket, kGet);
  socket.send(post("/next", "body"));
  stream_.wake();
  EXPECT_TRUE(stream_.wait_reads(2));

  stream_.end();

  EXPECT_EQ(chunk(socket), "");
  EXPECT_EQ(socket.read_reply().body, "POST /next body");
}

TEST_F(HttpServerStreamTest, ManyStreamsFollowEachOtherOnAConnection) {
  start();
  auto socket = connect();

  for (int i = 0; i < 5; ++i) {
    stream_ = FedStream();
    stream_.feed("now");
    stream_.end();
    EXPECT_EQ(ask(socket, kGet).status, 200);
    EXPECT_EQ(chunk(socket), "now");
    EXPECT_EQ(chunk(socket), "");
  }
}

TEST_F(HttpServerStreamTest, Http10IsEndedByClosing) {
  start();
  auto socket = connect();
  const auto reply = ask(socket, kGet10);
  EXPECT_THAT(reply.headers, Contains(Pair("Connection", "close")));
  EXPECT_THAT(reply.headers, Not(Contains(Key("Transfer-Encoding"))));

  stream_.feed("raw ");
  stream_.feed("bytes");
  stream_.end();

  EXPECT_EQ(socket.read_to_end(), "raw bytes");
}

TEST_F(HttpServerStreamTest, HeadHasNoBody) {
  start();
  auto socket = connect();

  socket.send("HEAD / HTTP/1.1\r\n\r\n");

  EXPECT_EQ(socket.read_reply(false).status, 200);
  EXPECT_TRUE(stream_.wait_destroyed());
  EXPECT_EQ(ask(socket, post("/a", "b")).body, "POST /a b");
}

TEST_F(HttpServerStreamTest, AReplyGivenLaterMayHaveAStream) {
  handle([this](const Request&, Later& later) {
    std::thread([this, give = later.defer()] {
      Reply reply;
      reply.stream = stream_.body();
      give(std::move(reply));
    }).join();
    return Reply{};
  });
  start();
  auto socket = connect();
  EXPECT_EQ(ask(socket, kGet).status, 200);

  stream_.feed("late");

  EXPECT_EQ(chunk(socket), "late");
}

TEST_F(HttpServerStreamTest, APeerThatClosesEndsTheStreamAtOnce) {
  start();
  {
    auto socket = connect();
    ask(socket, kGet);
    EXPECT_FALSE(stream_.destroyed());
  }

  EXPECT_TRUE(stream_.wait_destroyed());
}

TEST_F(HttpServerStreamTest, APeerThatResetsEndsTheStreamAtOnce) {
  start();
  auto socket = connect();
  ask(socket, kGet);

  socket.reset();

  EXPECT_TRUE(stream_.wait_destroyed());
}

TEST_F(HttpServerStreamTest, APeerThatClosesWhileItTakesNothingEndsTheStream) {
  start();
  {
    auto socket = connect();
    ask(socket, kGet);
    stall();
  }

  EXPECT_TRUE(stream_.wait_destroyed());
}

TEST_F(HttpServerStreamTest, AWakeAfterTheConnectionsEndDoesNothing) {
  start();
  {
    auto socket = connect();
    ask(socket, kGet);
  }
  EXPECT_TRUE(stream_.wait_destroyed());

  stream_.wake();
  EXPECT_EQ(ask(post("/echo", "")).status, 200);
  server_.reset();
  stream_.wake();
}

// The endless body is read no further than the sockets take it.
TEST_F(HttpServerStreamTest, APeerThatTakesNothingHoldsUpNothingElse) {
  start();
  auto socket = connect();
  ask(socket, kGet);

  stall();

  EXPECT_LT(stream_.bytes_read(), 64U * 1024 * 1024);
  EXPECT_EQ(chunk(socket).size(), 64U * 1024);
}

TEST_F(HttpServerStreamTest, APeerThatTakesNothingForLongIsClosed) {
  ServerSettings settings;
  settings.body_time_max = 100ms;
  start(settings);
  auto socket = connect();
  ask(socket, kGet);

  stream_.feed_for_ever(64 * 1024);

  EXPECT_TRUE(stream_.wait_destroyed());
}

// The idle connection's end tells that the time is over.
TEST_F(HttpServerStreamTest, NoTimeLimitHoldsWhileAStreamWaits) {
  ServerSettings settings;
  settings.idle_time_max = settings.header_time_max = settings.body_time_max = 40ms;
  start(settings);
  auto socket = connect();
  ask(socket, kGet);
  EXPECT_TRUE(connect().is_closed());

  stream_.feed("patience");

  EXPECT_EQ(chunk(socket), "patience");
}

TEST_F(HttpServerStreamTest, StopEndsAStreamInGoodOrderAtOnce) {
  start();
  auto socket = connect();
  ask(socket, kGet);

  server_->stop(kPatience);

  EXPECT_EQ(chunk(socket), "");
  EXPECT_TRUE(socket.has_ended());
  EXPECT_TRUE(stream_.destroyed());
}

TEST_F(HttpServerStreamTest, StopDoesNotWaitForAPeerThatTakesNothing) {
  ServerSettings settings;
  settings.body_time_max = 100ms;  // and so the limits are looked at often
  start(settings);
  auto socket = connect();
  ask(socket, kGet);
  stream_.feed_for_ever(64 * 1024);

  auto stopped = std::async(std::launch::async, [this] { server_->stop(std::chrono::hours(1)); });

  EXPECT_EQ(stopped.wait_for(kPatience), std::future_status::ready);
  EXPECT_TRUE(stream_.destroyed());
}

TEST_F(HttpServerStreamTest, AStreamThatThrowsEndsTheConnectionWithoutALastChunk) {
  class Broken final : public BodyStream {
   public:
    void start(std::function<void()>) override {}
    Next read(std::string&) override { throw std::runtime_error("a bug"); }
  };
  handle([](const Request&, Later&) {
    Reply reply;
    reply.stream = std::make_shared<Broken>();
    return reply;
  });
  start();
  auto socket = connect();
  socket.send(kGet);

  EXPECT_EQ(socket.read_to_end(), "");
}

}  // namespace
}  // namespace hydrant::net
