// Replies that are given later, and the end of a server with requests under way.
#include <thread>

#include "http_server_test.h"

namespace hydrant::net {
namespace {

// Each request's promise and views come out by a future.
class HttpServerLaterTest : public HttpServerTest {
 protected:
  struct Asked {
    Later::Give give;
    std::string_view body;
  };

  void SetUp() override {
    handle([this](const Request& request, Later& later) {
      if (request.path() != "/later") return echo(request);
      std::exchange(asked_, {}).set_value({later.defer(), request.body});
      return Reply{};
    });
  }
  Asked ask_later(RawSocket& socket, std::string_view body = "views") {
    auto asked = asked_.get_future();
    EXPECT_TRUE(socket.send(post("/later", body)));
    EXPECT_EQ(asked.wait_for(kPatience), std::future_status::ready);
    return asked.get();
  }
  static Reply reply(std::string body) {
    Reply reply;
    reply.body = std::move(body);
    return reply;
  }

  std::promise<Asked> asked_;
};

TEST_F(HttpServerLaterTest, AReplyMayComeFromAnotherThread) {
  start();
  auto socket = connect();

  for (int i = 0; i < 20; ++i) {
    const auto asked = ask_later(socket);
    std::thread([&] { asked.give(reply("later " + std::string(asked.body))); }).join();
    EXPECT_EQ(socket.read_reply().body, "later views");
  }
}

TEST_F(HttpServerLaterTest, AReplyMayComeBeforeTheHandlerReturns) {
  handle([](const Request&, Later& later) {
    later.defer()(reply("early"));
    return reply("not used");
  });
  start();

  EXPECT_EQ(ask(kGet).body, "early");
}

TEST_F(HttpServerLaterTest, OtherConnectionsAreServedMeanwhile) {
  start();
  auto socket = connect();
  const auto asked = ask_later(socket);

  EXPECT_EQ(ask(kGet).status, 200);

  asked.give(reply("done"));
  EXPECT_EQ(socket.read_reply().body, "done");
}

TEST_F(HttpServerLaterTest, TheNextRequestOfAPipelineWaitsForTheReply) {
  start();
  auto socket = connect();
  const auto asked = ask_later(socket);
  socket.send(kGet);

  asked.give(reply("first"));

  EXPECT_EQ(socket.read_reply().body, "first");
  EXPECT_EQ(socket.read_reply().body, "GET / ");
}

// The idle connection's end tells that the time is over.
TEST_F(HttpServerLaterTest, NoTimeLimitHoldsWhileTheReplyIsOutstanding) {
  ServerSettings settings;
  settings.idle_time_max = settings.header_time_max = settings.body_time_max = 40ms;
  start(settings);
  auto socket = connect();
  const auto asked = ask_later(socket);
  EXPECT_TRUE(connect().is_closed());

  asked.give(reply("patience"));

  EXPECT_EQ(socket.read_reply().body, "patience");
}

TEST_F(HttpServerLaterTest, OnlyTheFirstReplyCounts) {
  start();
  auto socket = connect();
  const auto first = ask_later(socket);
  first.give(reply("one"));
  EXPECT_EQ(socket.read_reply().body, "one");
  const auto second = ask_later(socket);

  first.give(reply("stray"));
  second.give(reply("two"));

  EXPECT_EQ(socket.read_reply().body, "two");
}

TEST_F(HttpServerLaterTest, APromiseThatIsDroppedIsAnswered500) {
  handle([](const Request&, Later& later) {
    later.defer();
    return Reply{};
  });
  start();

  EXPECT_EQ(refused(kGet), 500);
}

// A second promise could answer the next request of the connection.
TEST_F(HttpServerLaterTest, AskingTwiceIsOnePromise) {
  Later::Give first, second;
  handle([&](const Request& request, Later& later) {
    if (request.path() == "/1") {
      first = later.defer();
      later.defer()(reply("one"));
    } else {
      second = later.defer();
      first(reply("stray"));
      second(reply("two"));
    }
    return Reply{};
  });
  start();
  auto socket = connect();

  EXPECT_EQ(ask(socket, post("/1", "")).body, "one");
  EXPECT_EQ(ask(socket, post("/2", "")).body, "two");
}

TEST_F(HttpServerLaterTest, AHandlerThatThrowsBehindItsPromiseIsAnswered500) {
  Later::Give give;
  handle([&give](const Request&, Later& later) -> Reply {
    give = later.defer();
    throw std::runtime_error("a bug");
  });
  start();

  EXPECT_EQ(refused(kGet), 500);
  give(reply("too late"));
}

TEST_F(HttpServerLaterTest, AClientThatHasGoneIsNoHarm) {
  start();
  auto socket = connect();
  const auto asked = ask_later(socket);
  socket.reset();

  EXPECT_EQ(asked.body, "views");
  asked.give(reply("nobody"));

  EXPECT_EQ(ask(kGet).status, 200);
  server_->stop(kPatience);
  EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(HttpServerLaterTest, AReplyAfterTheServersEndDoesNothing) {
  start();
  auto socket = connect();
  const std::string large(100'000, 'v');
  const auto asked = ask_later(socket, large);

  server_.reset();

  EXPECT_TRUE(socket.is_closed());
  EXPECT_EQ(asked.body, large);
  asked.give(reply("nobody"));
}

TEST_F(HttpServerLaterTest, StopLetsARequestUnderWayBeAnswered) {
  start();
  auto socket = connect();
  auto idle = connect();
  EXPECT_EQ(ask(idle, kGet).status, 200);
  const auto asked = ask_later(socket);

  auto stopped = std::async(std::launch::async, [this] { server_->stop(kPatience); });
  EXPECT_TRUE(idle.is_closed());  // it has begun
  EXPECT_FALSE(RawSocket().connect(server_->port()));
  asked.give(reply("the last"));

  const auto last = socket.read_reply();
  EXPECT_EQ(last.body, "the last");
  EXPECT_THAT(last.headers, Contains(Pair("Connection", "close")));
  EXPECT_TRUE(socket.is_closed());
  EXPECT_EQ(stopped.wait_for(kPatience), std::future_status::ready);
}

TEST_F(HttpServerLaterTest, StopWaitsForABodyThatIsStillComing) {
  start();
  auto socket = connect();
  auto idle = connect();
  socket.send("POST / HTTP/1.1\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n");
  socket.read_until("\r\n\r\n");

  auto stopped = std::async(std::launch::async, [this] { server_->stop(kPatience); });
  EXPECT_TRUE(idle.is_closed());

  EXPECT_EQ(ask(socket, "finish").body, "POST / finish");
  EXPECT_TRUE(socket.is_closed());
}

TEST_F(HttpServerLaterTest, StopClosesWhatOutlastsTheGrace) {
  start();
  auto deferred = connect();
  auto half = connect();
  half.send("POST / HTTP/1.1\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n");
  half.read_until("\r\n\r\n");
  const auto asked = ask_later(deferred);

  server_->stop(20ms);

  EXPECT_TRUE(deferred.is_closed());
  EXPECT_TRUE(half.is_closed());
  EXPECT_EQ(server_->connections(), 0U);
  asked.give(reply("nobody"));
}

TEST_F(HttpServerLaterTest, StopDoesNotWaitForARequestThatDoesNotGoOn) {
  ServerSettings settings;
  settings.idle_time_max = 100ms;  // and so the limits are looked at often
  for (const char* half : {"POST / HTTP/1.1\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n",
                           "GET / HTTP/1.1\r\n\r\nPOST / HTTP/1.1\r\nContent-Le"}) {
    start(settings);
    auto socket = connect();
    EXPECT_TRUE(socket.send(half));
    socket.read_until("\r\n\r\n");

    server_->stop(std::chrono::hours(1));

    EXPECT_EQ(server_->connections(), 0U);
  }
}

TEST_F(HttpServerLaterTest, StopTwiceIsOnce) {
  start();
  EXPECT_EQ(ask(kGet).status, 200);

  server_->stop(kPatience);
  server_->stop(kPatience);
}

}  // namespace
}  // namespace hydrant::net
