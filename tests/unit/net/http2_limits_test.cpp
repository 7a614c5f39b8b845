// HTTP/2 peers that misbehave, and the limits on what a peer may make the server keep.
#include "net/http2_limits.h"

#include <thread>

#include "fed_stream.h"
#include "http_server_test.h"
#include "support/http2_client.h"

namespace hydrant::net {
namespace {

using testing::big_endian;
using testing::http2_field;
using testing::http2_frame;
using testing::http2_header_block;

constexpr int kEndStream = NGHTTP2_FLAG_END_STREAM;
constexpr int kEndHeaders = NGHTTP2_FLAG_END_HEADERS;

class Http2LimitsTest : public HttpServerTest {
 protected:
  using Client = testing::Http2Client<RawSocket>;
  using Frames = testing::Http2Frames<RawSocket>;

  void answer_with(FedStream& stream) {
    handle([&stream](const Request&, Later&) {
      Reply reply;
      reply.stream = stream.body();
      return reply;
    });
  }
  // The error code with which the server ended a connection that sends this again and again.
  int ended_by(const std::function<std::string(std::uint32_t)>& make, int times = 20'000) {
    auto socket = connect();
    Frames frames(socket);
    EXPECT_TRUE(frames.greet());
    std::thread sender([&] {
      for (int i = 0; i < times; ++i)
        if (!frames.send(make(static_cast<std::uint32_t>(2 * i + 1)))) return;
    });
    const int code = frames.goaway();
    EXPECT_EQ(frames.read_until(-1).type, -1);
    sender.join();
    return code;
  }
};

TEST_F(Http2LimitsTest, ABudgetFillsUpWithTimeToItsBrim) {
  ActBudget budget(2, 10);
  EXPECT_TRUE(budget.spend());
  EXPECT_TRUE(budget.spend());
  EXPECT_FALSE(budget.spend());

  budget.refill(std::chrono::seconds(60));

  EXPECT_TRUE(budget.spend());
  EXPECT_TRUE(budget.spend());
  EXPECT_FALSE(budget.spend());
}

TEST_F(Http2LimitsTest, WindowUpdatesAreEarnedByData) {
  Http2Limits limits;
  for (int i = 0; i < 50'000; ++i) {
    EXPECT_TRUE(limits.take_frame(NGHTTP2_WINDOW_UPDATE));
    limits.data_was_sent();
  }
}

TEST_F(Http2LimitsTest, RequestsThatAreResetAtOnceEndTheConnection) {
  start();

  EXPECT_EQ(ended_by([](std::uint32_t id) {
              return http2_frame(NGHTTP2_HEADERS, kEndHeaders | kEndStream, id,
                                 http2_header_block()) +
                     http2_frame(NGHTTP2_RST_STREAM, 0, id, big_endian(NGHTTP2_CANCEL, 4));
            }),
            NGHTTP2_ENHANCE_YOUR_CALM);
}

// The server resets them for the peer's mistakes: a window that is too large, a body that is longer
// than promised.
TEST_F(Http2LimitsTest, RequestsThatMakeTheServerResetThemEndTheConnection) {
  start();

  EXPECT_EQ(ended_by([](std::uint32_t id) {
              return http2_frame(NGHTTP2_HEADERS, kEndHeaders, id, http2_header_block()) +
                     http2_frame(NGHTTP2_WINDOW_UPDATE, 0, id, big_endian(0x7fffffff, 4));
            }),
            NGHTTP2_ENHANCE_YOUR_CALM);
  EXPECT_EQ(ended_by([](std::uint32_t id) {
              return http2_frame(NGHTTP2_HEADERS, kEndHeaders, id,
                                 http2_header_block() + http2_field("content-length", "1")) +
                     http2_frame(NGHTTP2_DATA, 0, id, "xy");
            }),
            NGHTTP2_ENHANCE_YOUR_CALM);
}

TEST_F(Http2LimitsTest, FloodsOfFramesThatCostNothingEndTheConnection) {
  start();

  const auto flood = [&](const std::string& frame) {
    return ended_by([&](std::uint32_t) { return frame; });
  };
  EXPECT_EQ(flood(http2_frame(NGHTTP2_PING, 0, 0, std::string(8, 'p'))), NGHTTP2_ENHANCE_YOUR_CALM);
  EXPECT_EQ(flood(http2_frame(NGHTTP2_SETTINGS, 0, 0)), NGHTTP2_ENHANCE_YOUR_CALM);
  EXPECT_EQ(flood(http2_frame(NGHTTP2_PRIORITY, 0, 1, std::string("\0\0\0\0\x10", 5))),
            NGHTTP2_ENHANCE_YOUR_CALM);
  EXPECT_EQ(flood(http2_frame(NGHTTP2_WINDOW_UPDATE, 0, 0, big_endian(1, 4))),
            NGHTTP2_ENHANCE_YOUR_CALM);
}

TEST_F(Http2LimitsTest, AFloodOfEmptyDataEndsTheConnection) {
  start();
  const auto flood = [&](const std::string& data) {
    return ended_by([&](std::uint32_t id) {
      return id > 1 ? data : http2_frame(NGHTTP2_HEADERS, kEndHeaders, 1, http2_header_block());
    });
  };

  EXPECT_EQ(flood(http2_frame(NGHTTP2_DATA, 0, 1)), NGHTTP2_ENHANCE_YOUR_CALM);
  EXPECT_EQ(flood(http2_frame(NGHTTP2_DATA, NGHTTP2_FLAG_PADDED, 1, std::string("\2\0\0", 3))),
            NGHTTP2_ENHANCE_YOUR_CALM);
}

TEST_F(Http2LimitsTest, AHeaderWithoutEndEndsTheConnection) {
  start();

  EXPECT_EQ(ended_by([](std::uint32_t id) {
              return id == 1 ? http2_frame(NGHTTP2_HEADERS, 0, 1, http2_header_block())
                             : http2_frame(NGHTTP2_CONTINUATION, 0, 1, http2_field("x", "y"));
            }),
            NGHTTP2_ENHANCE_YOUR_CALM);
}

// One who sends and never reads: the answers are not piled up.
TEST_F(Http2LimitsTest, APeerThatTakesNoAnswersIsEnded) {
  ServerSettings settings;
  settings.body_time_max = 100ms;
  start(settings);
  auto socket = connect();
  Frames frames(socket);
  EXPECT_TRUE(frames.greet());
  const std::string body(16'000, 'x');

  for (std::uint32_t id = 1;; id += 2) {
    const bool sent =
        frames.send(http2_frame(NGHTTP2_HEADERS, kEndHeaders, id, http2_header_block())) &&
        frames.send(http2_frame(NGHTTP2_DATA, kEndStream, id, body)) &&
        frames.send(http2_frame(NGHTTP2_WINDOW_UPDATE, 0, 0, big_endian(16'384, 4)));
    if (!sent) break;
    ASSERT_LT(id, 1'000'000U);
  }
}

TEST_F(Http2LimitsTest, WhatBreaksTheRulesIsEndedByTheirCode) {
  start();
  const auto once = [&](const std::string& frame) {
    return ended_by([&](std::uint32_t) { return frame; }, 1);
  };

  EXPECT_EQ(once(http2_frame(NGHTTP2_DATA, 0, 0, "x")), NGHTTP2_PROTOCOL_ERROR);
  EXPECT_EQ(once(http2_frame(NGHTTP2_PING, 0, 0, "short")), NGHTTP2_FRAME_SIZE_ERROR);
  EXPECT_EQ(once(http2_frame(NGHTTP2_DATA, 0, 1, std::string(20'000, 'x'))),
            NGHTTP2_FRAME_SIZE_ERROR);
  EXPECT_EQ(once(http2_frame(NGHTTP2_HEADERS, kEndHeaders, 2, http2_header_block())),
            NGHTTP2_PROTOCOL_ERROR);
  EXPECT_EQ(once(http2_frame(NGHTTP2_HEADERS, kEndHeaders, 1, "\xff\xff\xff\xff\xff")),
            NGHTTP2_COMPRESSION_ERROR);
  EXPECT_EQ(once(http2_frame(NGHTTP2_WINDOW_UPDATE, 0, 0, big_endian(0, 4))),
            NGHTTP2_PROTOCOL_ERROR);
}

TEST_F(Http2LimitsTest, AHeaderThatIsTooLargeIs431) {
  ServerSettings settings;
  settings.header_bytes_max = 2'000;
  start(settings);
  auto socket = connect();
  Client client(socket);

  EXPECT_EQ(client.ask({.headers = {{"x", std::string(1'500, 'x')}}}).status, 200);
  EXPECT_EQ(client.ask({.headers = {{"x", std::string(2'000, 'x')}}}).status, 431);
  EXPECT_EQ(client.ask({.body = "x", .headers = {{"x", std::string(2'000, 'x')}}}).status, 431);
  EXPECT_EQ(client.ask({}).status, 200);
}

TEST_F(Http2LimitsTest, ABodyThatIsTooLargeIs413) {
  ServerSettings settings;
  settings.body_bytes_max = 1'000;
  start(settings);
  auto socket = connect();
  Client client(socket);
  const std::string too_large(5'000'000, 'x');

  EXPECT_EQ(client.ask({.path = "/size", .body = std::string(1'000, 'x')}).body, "1000");
  EXPECT_EQ(client.ask({.body = too_large}).status, 413);
  EXPECT_EQ(client.ask({.body = too_large, .headers = {{"content-length", "5000000"}}}).status,
            413);
  EXPECT_EQ(client.ask({.body = "x"}).status, 200);
}

// 249 bodies of a first window each and then more; none waits for another for ever.
TEST_F(Http2LimitsTest, MoreBodiesThanThereIsMemoryForComeInOneAfterTheOther) {
  start();
  auto socket = connect();
  Client client(socket);
  const std::string body(2'000'000, 'x');
  std::vector<std::int32_t> ids;
  for (int i = 0; i < 100; ++i)
    ids.push_back(client.send({.path = "/size", .body = body, .open = true}));
  EXPECT_EQ(client.ask({.method = "GET"}).status, 200);

  for (const auto id : ids) client.finish(id);

  for (const auto id : ids) EXPECT_EQ(client.read_answer(id).body, "2000000");
}

TEST_F(Http2LimitsTest, AnIdleConnectionIsEnded) {
  ServerSettings settings;
  settings.idle_time_max = 40ms;
  start(settings);
  auto socket = connect();
  Client client(socket);
  EXPECT_EQ(client.ask({}).status, 200);

  EXPECT_FALSE(client.read_until([] { return false; }));

  EXPECT_EQ(client.goaway(), NGHTTP2_NO_ERROR);
}

TEST_F(Http2LimitsTest, AHeaderThatDoesNotEndInTimeEndsTheConnection) {
  ServerSettings settings;
  settings.header_time_max = 40ms;
  start(settings);
  auto socket = connect();
  Frames frames(socket);
  frames.greet();
  frames.send(http2_frame(NGHTTP2_HEADERS, 0, 1, http2_header_block()));

  EXPECT_EQ(frames.read_until(-1).type, -1);
}

TEST_F(Http2LimitsTest, ABodyThatDoesNotEndInTimeIsReset) {
  ServerSettings settings;
  settings.body_time_max = 40ms;
  start(settings);
  auto socket = connect();
  Client client(socket);

  EXPECT_EQ(client.ask({.body = "some", .open = true}).error, NGHTTP2_CANCEL);
  EXPECT_EQ(client.ask({}).status, 200);
}

TEST_F(Http2LimitsTest, AReplyThatIsNotTakenInTimeIsReset) {
  ServerSettings settings;
  settings.body_time_max = 40ms;
  start(settings);
  auto socket = connect();
  Client client(socket, {.stream_window = 10, .open_windows = false});

  EXPECT_EQ(client.ask({.body = std::string(100, 'x')}).error, NGHTTP2_CANCEL);
}

TEST_F(Http2LimitsTest, AStreamThatIsNotTakenInTimeIsReset) {
  FedStream stream;
  answer_with(stream);
  ServerSettings settings;
  settings.body_time_max = 40ms;
  start(settings);
  auto socket = connect();
  Client client(socket, {.stream_window = 10, .open_windows = false});
  stream.feed(std::string(100, 'x'));

  EXPECT_EQ(client.ask({}).error, NGHTTP2_CANCEL);
  EXPECT_TRUE(stream.wait_destroyed());
}

TEST_F(Http2LimitsTest, AStreamWhoseWindowIsUsedUpIsResetThoughItHasNothingToSend) {
  FedStream stream;
  answer_with(stream);
  ServerSettings settings;
  settings.body_time_max = 40ms;
  start(settings);
  for (const std::uint32_t window : {0U, 10U}) {
    auto socket = connect();
    Client client(socket, {.stream_window = window, .open_windows = false});
    if (window > 0) stream.feed(std::string(window, 'x'));

    EXPECT_EQ(client.ask({}).error, NGHTTP2_CANCEL);
    EXPECT_TRUE(stream.wait_destroyed());
  }
}

// The idle connection's end tells that the time is over.
TEST_F(Http2LimitsTest, NoTimeLimitHoldsWhileAStreamWaits) {
  FedStream stream;
  answer_with(stream);
  ServerSettings settings;
  settings.idle_time_max = settings.header_time_max = settings.body_time_max = 40ms;
  start(settings);
  auto socket = connect();
  Client client(socket, {.stream_window = 11, .open_windows = false});
  stream.feed(std::string(10, 'x'));
  const auto id = client.send({});
  EXPECT_TRUE(client.read_until([&] { return client.answer(id).body.size() == 10; }));
  EXPECT_TRUE(connect().is_closed());
  EXPECT_TRUE(connect().is_closed());

  client.open_window(id, 100);
  stream.feed("more");

  EXPECT_TRUE(client.read_until([&] { return client.answer(id).body.size() == 14; }));
}

}  // namespace
}  // namespace hydrant::net
