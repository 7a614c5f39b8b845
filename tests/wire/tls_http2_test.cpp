// TLS and HTTP/2 against the whole server: the same operations, on the same port.
#include <gtest/gtest.h>

#include <filesystem>

#include "support/http2_client.h"
#include "support/running_server.h"
#include "unit/net/tls_socket.h"

namespace hydrant {
namespace {

using net::RawSocket;
using net::TlsSocket;
using testing::Http2Client;
using testing::RunningServer;

const testing::Http2Request kListStreams = {
    .body = "{}",
    .headers = {{"content-type", "application/x-amz-json-1.1"},
                {"x-amz-target", "Kinesis_20131202.ListStreams"}}};
constexpr const char* kOneStream = R"({"streams": [{"StreamName": "clicks", "ShardCount": 1}]})";

TEST(TlsHttp2Test, AnOperationIsAnsweredOnHttp2WithPriorKnowledge) {
  RunningServer running(kOneStream);
  RawSocket socket;
  ASSERT_TRUE(socket.connect(running.server().port()));
  Http2Client client(socket);

  const auto answer = client.ask(kListStreams);

  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.body.find("\"clicks\""), std::string::npos) << answer.body;
  EXPECT_EQ(answer.headers.count("x-amzn-requestid"), 1U);
}

TEST(TlsHttp2Test, AnOperationIsAnsweredOnHttp2InsideTls) {
  RunningServer running(kOneStream);
  TlsSocket socket(running.server().port(), {.alpn = "h2"});
  ASSERT_FALSE(socket.failed());
  Http2Client client(socket);

  EXPECT_EQ(client.ask(kListStreams).status, 200);
}

TEST(TlsHttp2Test, TheMadeCertificateIsKeptInTheDataDirectory) {
  RunningServer running;
  const TlsSocket socket(running.server().port());

  EXPECT_FALSE(socket.failed());
  EXPECT_TRUE(std::filesystem::exists(running.directory() / "data/tls/ca.pem"));
}

TEST(TlsHttp2Test, ABadCertificateIsBadConfiguration) {
  auto options = RunningServer::quiet();
  options.tls_cert = options.tls_key = "/nowhere.pem";
  Server server(options);

  const auto failure = server.check();

  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->exit_code, 2);
  EXPECT_NE(failure->sentence.find("tlsCert"), std::string::npos);
}

}  // namespace
}  // namespace hydrant
