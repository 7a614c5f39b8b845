// HTTP/2 on the port of HTTP/1, with peers that behave.
#include <thread>

#include "fed_stream.h"
#include "http_server_test.h"
#include "support/http2_client.h"
#include "tls_socket.h"

namespace hydrant::net {
namespace {

using ::testing::ElementsAre;

class Http2SessionTest : public HttpServerTest {
 protected:
  using Client = testing::Http2Client<RawSocket>;

  // Replies to /stream with a fed body, and to /later when it is told to.
  void serve_streams() {
    handle([this](const Request& request, Later& later) {
      if (request.path() == "/later") {
        std::lock_guard lock(mutex_);
        asked_.push_back({later.defer(), request.body});
        changed_.notify_all();
        return Reply{};
      }
      if (request.path() != "/stream") return echo(request);
      Reply reply;
      reply.stream = stream_.body();
      return reply;
    });
  }
  struct Asked {
    Later::Give give;
    std::string_view body;
  };
  Asked asked(std::size_t index) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kPatience, [&] { return asked_.size() > index; });
    return asked_.at(index);
  }
  static Reply reply(std::string body) {
    Reply reply;
    reply.body = std::move(body);
    return reply;
  }
  static bool read_body(Client& client, std::int32_t id, const std::string& body) {
    return client.read_until([&] { return client.answer(id).body == body; });
  }

  FedStream stream_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Asked> asked_;
};

TEST_F(Http2SessionTest, ARequestIsAnswered) {
  start();
  auto socket = connect();
  Client client(socket);

  const auto answer = client.ask({.path = "/a?b", .body = "text"});

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "POST /a?b text");
  EXPECT_TRUE(answer.complete);
  EXPECT_THAT(answer.headers, Contains(Pair("content-length", "14")));
  EXPECT_THAT(answer.headers, Contains(Key("date")));
}

TEST_F(Http2SessionTest, HeadersReadAsThoseOfHttp1) {
  handle([](const Request& request, Later&) {
    Reply reply;
    for (const auto& [name, value] : request.headers)
      reply.body.append(name).append("=").append(value).append(";");
    return reply;
  });
  start();
  auto socket = connect();
  Client client(socket);

  EXPECT_EQ(client.ask({.headers = {{"x-one", "1"}, {"host", "other"}, {"x-none", ""}}}).body,
            "host=localhost;x-one=1;x-none=;");
}

TEST_F(Http2SessionTest, RepliesHaveNoHeadersOfAConnectionAndLowerCaseNames) {
  handle([](const Request&, Later&) {
    Reply reply;
    reply.header("X-Amzn-RequestId", "Abc").header("Connection", "close");
    return reply;
  });
  start();
  auto socket = connect();
  Client client(socket);

  const auto answer = client.ask({});

  EXPECT_THAT(answer.headers, Contains(Pair("x-amzn-requestid", "Abc")));
  EXPECT_THAT(answer.headers, Not(Contains(Key("connection"))));
}

TEST_F(Http2SessionTest, AnEmptyBodyHasItsPadding) {
  handle([](const Request& request, Later&) {
    std::string padding(request.body.data() + request.body.size(), kBodyPadding);  // ASan looks
    Reply reply;
    reply.body = std::to_string(request.body.size());
    return reply;
  });
  start();
  auto socket = connect();
  Client client(socket);

  EXPECT_EQ(client.ask({.method = "GET"}).body, "0");
  EXPECT_EQ(client.ask({.body = std::string(70'000, 'x')}).body, "70000");
}

TEST_F(Http2SessionTest, ARequestInsideTlsIsAnswered) {
  start();
  for (const char* alpn : {"h2", ""}) {
    TlsSocket socket(server_->port(), {.alpn = alpn});
    testing::Http2Client<TlsSocket> client(socket);

    EXPECT_EQ(client.ask({.body = "x"}).body, "POST / x") << alpn;
  }
}

TEST_F(Http2SessionTest, Http1AfterAgreeingOnHttp2EndsTheConnection) {
  start();
  TlsSocket socket(server_->port(), {.alpn = "h2"});
  socket.send(kGet);
  testing::Http2Frames<TlsSocket> frames(socket);

  EXPECT_EQ(frames.goaway(), NGHTTP2_PROTOCOL_ERROR);
  EXPECT_EQ(frames.read().type, -1);
}

TEST_F(Http2SessionTest, ThePrefaceMayComeInPieces) {
  start();
  auto socket = connect();
  for (const char c : testing::kHttp2Preface) socket.send({&c, 1});
  socket.send(testing::http2_frame(NGHTTP2_SETTINGS, 0, 0));
  testing::Http2Frames<RawSocket> frames(socket);

  EXPECT_EQ(frames.read().type, NGHTTP2_SETTINGS);
}

TEST_F(Http2SessionTest, LargeBodiesPassBothWays) {
  start();
  auto socket = connect();
  Client client(socket);
  std::string body(15'000'000, 'x');
  for (std::size_t i = 0; i < body.size(); i += 1000) body[i] = static_cast<char>('a' + i % 23);

  EXPECT_EQ(client.ask({.body = body}).body, "POST / " + body);
}

TEST_F(Http2SessionTest, LargeBodiesPassInsideTls) {
  start();
  TlsSocket socket(server_->port(), {.alpn = "h2"});
  testing::Http2Client<TlsSocket> client(socket);
  const std::string body(5'000'000, 'x');

  EXPECT_EQ(client.ask({.body = body}).body, "POST / " + body);
}

TEST_F(Http2SessionTest, ManyStreamsAreServedAtATime) {
  serve_streams();
  start();
  auto socket = connect();
  Client client(socket);
  EXPECT_EQ(client.ask({}).status, 200);  // it knows now how many it may open
  std::vector<std::int32_t> ids;
  for (int i = 0; i < 200; ++i) ids.push_back(client.send({.path = "/later"}));

  EXPECT_TRUE(asked(199).give != nullptr);
  for (std::size_t i = 200; i-- > 0;) asked(i).give(reply("later " + std::to_string(i)));

  for (std::size_t i = 0; i < 200; ++i)
    EXPECT_EQ(client.read_answer(ids[i]).body, "later " + std::to_string(i));
  EXPECT_GE(client.setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS), 100U);
}

TEST_F(Http2SessionTest, OthersAreServedWhileAReplyIsOutstanding) {
  serve_streams();
  start();
  auto socket = connect();
  Client client(socket);
  const auto id = client.send({.path = "/later", .body = "views"});

  EXPECT_EQ(client.ask({.body = "x"}).body, "POST / x");

  const auto later = asked(0);
  std::thread([&] { later.give(reply("later " + std::string(later.body))); }).join();
  EXPECT_EQ(client.read_answer(id).body, "later views");
}

TEST_F(Http2SessionTest, AReplyToAStreamThatWasResetDoesNothing) {
  serve_streams();
  start();
  auto socket = connect();
  Client client(socket);
  const auto id = client.send({.path = "/later", .body = "views"});
  const auto later = asked(0);
  client.reset(id);
  EXPECT_EQ(client.ask({}).status, 200);

  EXPECT_EQ(later.body, "views");
  later.give(reply("nobody"));

  EXPECT_EQ(client.ask({}).status, 200);
  EXPECT_EQ(client.answer(id).status, 0);
}

TEST_F(Http2SessionTest, AHandlerThatThrowsIsAnswered500) {
  handle([](const Request& request, Later&) -> Reply {
    if (request.path() == "/bug") throw std::runtime_error("a bug");
    return echo(request);
  });
  start();
  auto socket = connect();
  Client client(socket);

  EXPECT_EQ(client.ask({.path = "/bug"}).status, 500);
  EXPECT_EQ(client.ask({}).status, 200);
}

TEST_F(Http2SessionTest, HeadHasTheLengthAndNoBody) {
  start();
  auto socket = connect();
  Client client(socket);

  const auto answer = client.ask({.method = "HEAD"});

  EXPECT_THAT(answer.headers, Contains(Pair("content-length", "7")));
  EXPECT_EQ(answer.body, "");
  EXPECT_TRUE(answer.complete);
}

TEST_F(Http2SessionTest, TrailersEndTheBody) {
  start();
  auto socket = connect();
  Client client(socket);

  EXPECT_EQ(client.ask({.body = "x", .trailers = {{"x-sum", "1"}}}).body, "POST / x");
}

TEST_F(Http2SessionTest, AClientThatWaitsIsToldToContinue) {
  start();
  auto socket = connect();
  Client client(socket);
  const auto id = client.send({.headers = {{"expect", "100-continue"}}, .open = true});
  EXPECT_TRUE(client.read_until([&] { return client.answer(id).status == 100; }));

  client.finish(id);

  EXPECT_EQ(client.read_answer(id).status, 200);
  EXPECT_THAT(client.answer(id).early, ElementsAre(100));
}

TEST_F(Http2SessionTest, APingIsAnswered) {
  start();
  auto socket = connect();
  Client client(socket);

  client.ping();

  EXPECT_TRUE(client.read_until([&] { return client.pongs() == 1; }));
}

TEST_F(Http2SessionTest, EachWakeOfAStreamSendsData) {
  serve_streams();
  start();
  auto socket = connect();
  Client client(socket);
  const auto id = client.send({.path = "/stream"});
  EXPECT_TRUE(client.read_until([&] { return client.answer(id).status == 200; }));
  EXPECT_THAT(client.answer(id).headers, Not(Contains(Key("content-length"))));

  std::string all;
  for (int i = 0; i < 20; ++i) {
    all += "event " + std::to_string(i);
    std::thread([&] { stream_.feed("event " + std::to_string(i)); }).join();
    EXPECT_TRUE(read_body(client, id, all));
  }
  stream_.end();

  EXPECT_TRUE(client.read_answer(id).complete);
  EXPECT_TRUE(stream_.wait_destroyed());
}

TEST_F(Http2SessionTest, AReplyGivenLaterMayHaveAStream) {
  serve_streams();
  start();
  auto socket = connect();
  Client client(socket);
  const auto id = client.send({.path = "/later"});
  Reply reply;
  reply.stream = stream_.body();

  asked(0).give(std::move(reply));
  stream_.feed("late");

  EXPECT_TRUE(read_body(client, id, "late"));
}

TEST_F(Http2SessionTest, AStreamThatIsResetIsDestroyedAtOnce) {
  serve_streams();
  start();
  auto socket = connect();
  Client client(socket);
  const auto id = client.send({.path = "/stream"});
  EXPECT_TRUE(stream_.wait_started());

  client.reset(id);

  EXPECT_TRUE(stream_.wait_destroyed());
  stream_.wake();
  EXPECT_EQ(client.ask({}).status, 200);
}

TEST_F(Http2SessionTest, APeerThatClosesEndsItsStreamsAtOnce) {
  serve_streams();
  start();
  {
    auto socket = connect();
    Client client(socket);
    client.send({.path = "/stream"});
    EXPECT_TRUE(stream_.wait_started());
  }

  EXPECT_TRUE(stream_.wait_destroyed());
  stream_.wake();
}

TEST_F(Http2SessionTest, AStreamThatThrowsIsResetAlone) {
  class Broken final : public BodyStream {
   public:
    void start(std::function<void()>) override {}
    Next read(std::string&) override { throw std::runtime_error("a bug"); }
  };
  handle([](const Request& request, Later&) {
    if (request.path() != "/stream") return echo(request);
    Reply reply;
    reply.stream = std::make_shared<Broken>();
    return reply;
  });
  start();
  auto socket = connect();
  Client client(socket);

  EXPECT_EQ(client.ask({.path = "/stream"}).error, NGHTTP2_INTERNAL_ERROR);
  EXPECT_EQ(client.ask({}).status, 200);
}

TEST_F(Http2SessionTest, AWindowThatIsNotOpenedHoldsUpOneStreamAlone) {
  serve_streams();
  start();
  auto socket = connect();
  Client client(socket, {.stream_window = 1'000, .open_windows = false});
  const std::string body(5'000, 'x');
  const auto slow = client.send({.body = body});
  EXPECT_TRUE(client.read_until([&] { return client.answer(slow).body.size() == 1'000; }));

  EXPECT_EQ(client.ask({.body = "small"}).body, "POST / small");
  EXPECT_EQ(client.answer(slow).body.size(), 1'000U);
  client.open_window(slow, 10'000);

  EXPECT_EQ(client.read_answer(slow).body, "POST / " + body);
}

TEST_F(Http2SessionTest, AnEndlessStreamIsReadNoFurtherThanItsWindow) {
  serve_streams();
  start();
  auto socket = connect();
  Client client(socket, {.stream_window = 10'000, .open_windows = false});
  stream_.feed_for_ever(4'000);
  const auto id = client.send({.path = "/stream"});
  EXPECT_TRUE(client.read_until([&] { return client.answer(id).body.size() == 10'000; }));
  EXPECT_EQ(client.ask({}).status, 200);

  EXPECT_EQ(stream_.bytes_read(), 12'000U);
}

TEST_F(Http2SessionTest, AnEndlessStreamLeavesOthersTheirTurn) {
  serve_streams();
  start();
  auto socket = connect();
  Client client(socket);
  stream_.feed_for_ever(100'000);
  client.send({.path = "/stream"});
  EXPECT_TRUE(stream_.wait_started());

  EXPECT_EQ(client.ask({}).status, 200);
  EXPECT_EQ(ask(kGet).status, 200);
}

TEST_F(Http2SessionTest, StopLetsRequestsUnderWayBeAnswered) {
  serve_streams();
  start();
  auto socket = connect();
  Client client(socket);
  const auto id = client.send({.path = "/later"});
  const auto later = asked(0);

  auto stopped = std::async(std::launch::async, [this] { server_->stop(std::chrono::hours(1)); });
  EXPECT_TRUE(client.read_until([&] { return client.goaway().has_value(); }));
  later.give(reply("the last"));

  EXPECT_EQ(client.goaway(), NGHTTP2_NO_ERROR);
  EXPECT_EQ(client.goaway_last_stream(), id);
  EXPECT_EQ(client.read_answer(id).body, "the last");
  EXPECT_EQ(stopped.wait_for(kPatience), std::future_status::ready);
}

TEST_F(Http2SessionTest, StopEndsStreamsInGoodOrderAtOnce) {
  serve_streams();
  start();
  auto socket = connect();
  Client client(socket);
  const auto id = client.send({.path = "/stream"});
  EXPECT_TRUE(stream_.wait_started());

  server_->stop(std::chrono::hours(1));

  EXPECT_TRUE(client.read_answer(id).complete);
  EXPECT_EQ(client.goaway(), NGHTTP2_NO_ERROR);
  EXPECT_TRUE(stream_.destroyed());
}

TEST_F(Http2SessionTest, StopClosesIdleConnections) {
  start();
  auto socket = connect();
  Client client(socket);
  EXPECT_EQ(client.ask({}).status, 200);

  server_->stop(std::chrono::hours(1));

  EXPECT_TRUE(client.read_until([&] { return client.goaway().has_value(); }));
}

TEST_F(Http2SessionTest, StopDoesNotWaitForARequestThatDoesNotGoOn) {
  ServerSettings settings;
  settings.idle_time_max = 100ms;  // and so the limits are looked at often
  const std::string greeting =
      std::string(testing::kHttp2Preface) + testing::http2_frame(NGHTTP2_SETTINGS, 0, 0);
  for (const int flags : {NGHTTP2_FLAG_END_HEADERS, NGHTTP2_FLAG_NONE}) {
    start(settings);
    auto socket = connect();
    testing::Http2Frames<RawSocket> frames(socket);
    EXPECT_TRUE(frames.send(
        greeting + testing::http2_frame(NGHTTP2_HEADERS, flags, 1, testing::http2_header_block())));
    frames.read_until(NGHTTP2_SETTINGS);
    frames.read_until(NGHTTP2_SETTINGS);  // it answers the greeting, so it has read the rest

    server_->stop(std::chrono::hours(1));

    EXPECT_EQ(server_->connections(), 0U);
  }
}

TEST_F(Http2SessionTest, StopDoesNotWaitForAWindow) {
  serve_streams();
  ServerSettings settings;
  settings.body_time_max = 100ms;  // and so the limits are looked at often
  start(settings);
  auto socket = connect();
  Client client(socket, {.stream_window = 100, .open_windows = false});
  stream_.feed(std::string(1'000, 'x'));
  const auto id = client.send({.path = "/stream"});
  EXPECT_TRUE(client.read_until([&] { return client.answer(id).body.size() == 100; }));

  server_->stop(std::chrono::hours(1));

  EXPECT_TRUE(stream_.destroyed());
}

}  // namespace
}  // namespace hydrant::net
