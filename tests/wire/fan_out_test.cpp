// Subscriptions on real connections: what is put meanwhile comes through, over every protocol.
#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "support/http2_client.h"
#include "support/running_server.h"
#include "unit/net/tls_socket.h"

namespace hydrant {
namespace {

using net::RawSocket;
using net::TlsSocket;
using testing::Http2Client;
using testing::Json;
using testing::RunningServer;

constexpr const char* kTarget = "Kinesis_20131202.SubscribeToShard";
constexpr const char* kJsonType = "application/x-amz-json-1.1";

// The body of a chunked reply, read as far as it is needed.
class Chunks {
 public:
  explicit Chunks(RawSocket& socket) : socket_(socket) {}

  // False if the body ends before, or nothing comes any more.
  bool read_until(std::string_view text) {
    while (body_.find(text) == std::string::npos)
      if (!read_one()) return false;
    return true;
  }
  // True if the rest ends as a chunked body does.
  bool read_to_last() {
    while (read_one()) continue;
    return last_;
  }
  const std::string& body() const { return body_; }

 private:
  bool read_one() {
    const auto head = socket_.read_until("\r\n");
    if (head.empty()) return false;
    const auto chunk = socket_.read(std::stoul(head, nullptr, 16));
    last_ = socket_.read(2) == "\r\n" && chunk.empty();
    body_ += chunk;
    return !chunk.empty();
  }

  RawSocket& socket_;
  std::string body_;
  bool last_ = false;
};

class FanOutTest : public ::testing::Test {
 protected:
  static Options unthrottled() {
    auto options = RunningServer::quiet();
    options.throttle.kinesis = false;
    return options;
  }

  void SetUp() override {
    const auto stream = running_.kinesis("DescribeStreamSummary", {{"StreamName", "clicks"}});
    const auto arn = stream.body.at("StreamDescriptionSummary").at("StreamARN");
    for (auto& consumer : consumers_) {
      const auto answer = running_.kinesis("RegisterStreamConsumer",
                                           {{"StreamARN", arn}, {"ConsumerName", consumer}});
      consumer = answer.body.at("Consumer").at("ConsumerARN").get<std::string>();
    }
    running_.advance(1);
  }

  std::string input(std::size_t consumer) const {
    return Json{{"ConsumerARN", consumers_[consumer]},
                {"ShardId", "shardId-000000000000"},
                {"StartingPosition", {{"Type", "LATEST"}}}}
        .dump();
  }
  // On HTTP/1.1; the socket is behind the head of the reply.
  void subscribe(RawSocket& socket, std::size_t consumer) const {
    const auto body = input(consumer);
    socket.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + std::string(kJsonType) +
                "\r\nX-Amz-Target: " + kTarget +
                "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    EXPECT_EQ(socket.read_reply(false).status, 200);
  }
  template <class Socket>
  std::int32_t subscribe(Http2Client<Socket>& client, std::size_t consumer) const {
    const auto id =
        client.send({.body = input(consumer),
                     .headers = {{"content-type", kJsonType}, {"x-amz-target", kTarget}}});
    client.read_until([&] { return client.answer(id).status != 0; });
    EXPECT_EQ(client.answer(id).status, 200);
    return id;
  }
  template <class Socket>
  static bool read_until(Http2Client<Socket>& client, std::int32_t id, std::string_view text) {
    const auto& body = client.answer(id).body;
    return client.read_until([&] { return body.find(text) != std::string::npos; });
  }

  // The partition key is what a test looks for in the events.
  void put(const std::string& key, std::size_t base64_bytes = 4) const {
    const auto answer = running_.kinesis("PutRecord", {{"StreamName", "clicks"},
                                                       {"PartitionKey", key},
                                                       {"Data", std::string(base64_bytes, 'A')}});
    ASSERT_EQ(answer.status, 200) << answer.body.dump();
  }
  bool stops_soon() {
    auto stopped = std::async(std::launch::async, [this] { return running_.server().stop(); });
    return stopped.wait_for(std::chrono::seconds(5)) == std::future_status::ready;
  }

  RunningServer running_{R"({"streams": [{"StreamName": "clicks", "ShardCount": 1}]})",
                         unthrottled()};
  std::vector<std::string> consumers_ = {"first", "second"};
};

TEST_F(FanOutTest, WhatIsPutMeanwhileComesOnHttp11) {
  RawSocket socket;
  ASSERT_TRUE(socket.connect(running_.server().port()));
  subscribe(socket, 0);
  Chunks chunks(socket);
  for (const auto* key : {"key-1", "key-2", "key-3"}) {
    put(key);
    EXPECT_TRUE(chunks.read_until(key));
  }
}

TEST_F(FanOutTest, TwoSubscriptionsShareAConnectionOfHttp2) {
  RawSocket socket;
  ASSERT_TRUE(socket.connect(running_.server().port()));
  Http2Client client(socket);
  const auto first = subscribe(client, 0);
  const auto second = subscribe(client, 1);
  for (const auto* key : {"key-1", "key-2", "key-3"}) {
    put(key);
    EXPECT_TRUE(read_until(client, first, key));
    EXPECT_TRUE(read_until(client, second, key));
  }
}

TEST_F(FanOutTest, WhatIsPutMeanwhileComesInsideTls) {
  TlsSocket plain(running_.server().port());
  ASSERT_FALSE(plain.failed());
  subscribe(plain, 0);
  TlsSocket http2(running_.server().port(), {.alpn = "h2"});
  ASSERT_FALSE(http2.failed());
  Http2Client client(http2);
  const auto id = subscribe(client, 1);

  put("key-1");

  EXPECT_TRUE(Chunks(plain).read_until("key-1"));
  EXPECT_TRUE(read_until(client, id, "key-1"));
}

// Far more than the sockets' buffers hold is written while one subscriber takes nothing.
TEST_F(FanOutTest, ASubscriberThatStopsReadingHoldsUpNobodyAndLosesNothing) {
  constexpr int kRecords = 24;
  RawSocket idle;
  const int small = 4096;
  ::setsockopt(idle.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  ASSERT_TRUE(idle.connect(running_.server().port()));
  subscribe(idle, 0);
  RawSocket busy;
  ASSERT_TRUE(busy.connect(running_.server().port()));
  subscribe(busy, 1);
  Chunks taken(busy);
  const auto key = [](int i) { return "\"key-" + std::to_string(i) + "\""; };

  for (int i = 0; i < kRecords; ++i) {
    put("key-" + std::to_string(i), 1'000'000);
    ASSERT_TRUE(taken.read_until(key(i)));
  }

  Chunks late(idle);
  ASSERT_TRUE(late.read_until(key(kRecords - 1)));
  std::size_t from = 0;
  for (int i = 0; i < kRecords; ++i) {
    from = late.body().find(key(i), from);
    ASSERT_NE(from, std::string::npos) << key(i);
  }
}

TEST_F(FanOutTest, TheServersStopEndsSubscriptionsInGoodOrder) {
  RawSocket plain;
  ASSERT_TRUE(plain.connect(running_.server().port()));
  subscribe(plain, 0);
  RawSocket http2;
  ASSERT_TRUE(http2.connect(running_.server().port()));
  Http2Client client(http2);
  const auto id = subscribe(client, 1);

  EXPECT_TRUE(stops_soon());

  EXPECT_TRUE(Chunks(plain).read_to_last());
  EXPECT_TRUE(client.read_until([&] { return client.answer(id).closed; }));
  EXPECT_TRUE(client.answer(id).complete);
}

// What it was sent before cannot be completed; the server does not wait for it.
TEST_F(FanOutTest, ASubscriberThatStopsReadingDoesNotHoldUpTheStop) {
  RawSocket idle;
  const int small = 4096;
  ::setsockopt(idle.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  ASSERT_TRUE(idle.connect(running_.server().port()));
  subscribe(idle, 0);
  for (int i = 0; i < 12; ++i) put("key", 1'000'000);

  EXPECT_TRUE(stops_soon());
}

}  // namespace
}  // namespace hydrant
