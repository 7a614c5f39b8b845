// TLS on the port of plain HTTP.
#include <openssl/ssl.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "fed_stream.h"
#include "http_server_test.h"
#include "net/certificate.h"
#include "tls_socket.h"

namespace hydrant::net {
namespace {

using ::testing::HasSubstr;

class HttpServerTlsTest : public HttpServerTest {
 protected:
  HttpServerTlsTest() {
    std::string name = (std::filesystem::temp_directory_path() / "hydrant-tls-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~HttpServerTlsTest() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  ServerSettings given(const std::string& certificate, const std::string& key) const {
    ServerSettings settings;
    settings.tls.certificate_file = certificate;
    settings.tls.key_file = key;
    return settings;
  }

  std::filesystem::path folder_;
};

TEST_F(HttpServerTlsTest, ARequestInsideTlsIsAnswered) {
  start();
  TlsSocket socket(server_->port());
  ASSERT_FALSE(socket.failed());

  EXPECT_EQ(ask(socket, post("/a", "b")).body, "POST /a b");
  EXPECT_EQ(ask(socket, post("/a", "c")).body, "POST /a c");
}

TEST_F(HttpServerTlsTest, ThePlainRequestIsAnsweredOnTheSamePort) {
  start();
  const TlsSocket socket(server_->port());

  EXPECT_EQ(ask(kGet).status, 200);
}

TEST_F(HttpServerTlsTest, Http11IsAgreedOn) {
  start();
  TlsSocket socket(server_->port(), {.alpn = "http/1.1"});

  EXPECT_EQ(socket.alpn(), "http/1.1");
  EXPECT_EQ(ask(socket, kGet).status, 200);
}

TEST_F(HttpServerTlsTest, Http2IsAgreedOn) {
  start();

  EXPECT_EQ(TlsSocket(server_->port(), {.alpn = "h2"}).alpn(), "h2");
}

TEST_F(HttpServerTlsTest, AnotherProtocolIsNotAgreedOnButServed) {
  start();
  TlsSocket socket(server_->port(), {.alpn = "other"});

  EXPECT_EQ(socket.alpn(), "");
  EXPECT_EQ(ask(socket, kGet).status, 200);
}

TEST_F(HttpServerTlsTest, Tls12IsTaken) {
  start();
  TlsSocket socket(server_->port(), {.version_max = TLS1_2_VERSION});

  EXPECT_EQ(socket.version(), "TLSv1.2");
  EXPECT_EQ(ask(socket, kGet).status, 200);
}

TEST_F(HttpServerTlsTest, Tls11IsRefused) {
  start();

  EXPECT_TRUE(TlsSocket(server_->port(), {.version_max = TLS1_1_VERSION}).failed());
}

TEST_F(HttpServerTlsTest, LargeBodiesPassBothWays) {
  start();
  TlsSocket socket(server_->port());
  std::string body(12'000'000, 'x');
  for (std::size_t i = 0; i < body.size(); i += 1000) body[i] = static_cast<char>('a' + i % 23);
  std::thread sender([&] { socket.send(post("/", body)); });
  sender.join();

  EXPECT_EQ(socket.read_reply().body, "POST / " + body);
}

TEST_F(HttpServerTlsTest, AStreamPassesAndItsEndIsTold) {
  FedStream stream;
  handle([&stream](const Request&, Later&) {
    Reply reply;
    reply.stream = stream.body();
    return reply;
  });
  start();
  TlsSocket socket(server_->port());
  socket.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(socket.read_reply().status, 200);

  stream.feed("event");
  EXPECT_EQ(socket.read(5), "event");
  stream.end();

  EXPECT_EQ(socket.read_to_end(), "");
  EXPECT_TRUE(socket.farewell());
}

TEST_F(HttpServerTlsTest, APeerThatClosesEndsTheStreamAtOnce) {
  FedStream stream;
  handle([&stream](const Request&, Later&) {
    Reply reply;
    reply.stream = stream.body();
    return reply;
  });
  start();
  {
    TlsSocket socket(server_->port());
    EXPECT_EQ(ask(socket, kGet).status, 200);
  }

  EXPECT_TRUE(stream.wait_destroyed());
}

TEST_F(HttpServerTlsTest, GarbageEndsTheConnectionAlone) {
  start();
  auto socket = connect();
  socket.send(std::string("\x16\x03\x01\x02\x00\x01", 6) + std::string(600, '\0'));

  socket.read_to_end();

  EXPECT_EQ(ask(kGet).status, 200);
}

TEST_F(HttpServerTlsTest, ASlowHandshakeIsClosed) {
  ServerSettings settings;
  settings.header_time_max = 40ms;
  start(settings);
  auto socket = connect();
  socket.send(std::string("\x16\x03\x01", 3));

  EXPECT_TRUE(socket.is_closed());
}

TEST_F(HttpServerTlsTest, AConnectionThatSendsNothingIsIdle) {
  ServerSettings settings;
  settings.idle_time_max = 40ms;
  start(settings);
  TlsSocket socket(server_->port());

  EXPECT_TRUE(connect().is_closed());
  EXPECT_TRUE(socket.has_ended());
}

TEST_F(HttpServerTlsTest, StopClosesWhatHasNotSpoken) {
  start();
  auto silent = connect();
  auto half = connect();
  half.send(std::string("\x16\x03\x01", 3));
  TlsSocket idle(server_->port());

  server_->stop(std::chrono::hours(1));

  EXPECT_TRUE(silent.is_closed());
  EXPECT_TRUE(half.is_closed());
  EXPECT_TRUE(idle.has_ended());
}

TEST_F(HttpServerTlsTest, TheMadeCertificateIsTrustedThroughItsAuthority) {
  ServerSettings settings;
  settings.tls.folder = folder_ / "tls";
  start(settings);
  TlsSocket(server_->port());  // now it is made
  std::ifstream file(folder_ / "tls/ca.pem");
  const std::string authority{std::istreambuf_iterator<char>(file),
                              std::istreambuf_iterator<char>()};

  for (const char* name : {"localhost", "127.0.0.1", "::1", "kinesis.localhost"}) {
    const TlsChoice choice{.trust_pem = authority, .name = name};
    EXPECT_FALSE(TlsSocket(server_->port(), choice).failed()) << name;
  }
  EXPECT_TRUE(TlsSocket(server_->port(), {.trust_pem = authority, .name = "example.com"}).failed());
}

TEST_F(HttpServerTlsTest, AGivenCertificateIsShown) {
  const auto now = system_now();
  const auto authority = make_authority(now);
  const auto own = make_server_identity(authority, {"own.example"}, now);
  start(given(write("own.pem", own.certificate), write("own-key.pem", own.key)));

  const TlsChoice choice{.trust_pem = authority.certificate, .name = "own.example"};
  EXPECT_FALSE(TlsSocket(server_->port(), choice).failed());
}

TEST_F(HttpServerTlsTest, ABadCertificateIsToldInASentence) {
  const auto authority = make_authority(system_now());
  const auto certificate = write("good.pem", authority.certificate);
  const auto key = write("good-key.pem", authority.key);
  const auto other = write("other-key.pem", make_authority(system_now()).key);
  const auto nonsense = write("nonsense.pem", "nonsense");
  const auto told = [&](const std::string& cert_file, const std::string& key_file) {
    return check_certificate(given(cert_file, key_file).tls).value_or("");
  };

  EXPECT_EQ(told(certificate, key), "");
  EXPECT_EQ(told("/nowhere.pem", key),
            "tlsCert: expected a certificate chain in PEM form, got \"/nowhere.pem\", which cannot "
            "be read.");
  EXPECT_EQ(told(nonsense, key),
            "tlsCert: expected a certificate chain in PEM form, got \"" + nonsense + "\".");
  EXPECT_EQ(
      told(certificate, nonsense),
      "tlsKey: expected a private key in PEM form without a password, got \"" + nonsense + "\".");
  EXPECT_EQ(told(certificate, other),
            "tlsKey: expected the private key of the certificate, got \"" + other + "\".");
}

TEST_F(HttpServerTlsTest, ABadCertificateEndsTheStart) {
  HttpServer server(given("/nowhere.pem", "/nowhere.pem"), *handler_, logger_);

  EXPECT_THAT(server.start().value_or(""), HasSubstr("/nowhere.pem"));
}

}  // namespace
}  // namespace hydrant::net
