// Serves three fixed requests many times, so that callgrind can count what one of them costs: a
// whole server of this process, its real clock, one I/O thread, and one connection over loopback.
// The thread of the client is not counted, so building and checking cost nothing. counts.py runs
// it and says what the counts mean. By itself the program only checks the answers.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <simdjson.h>
#include <sys/socket.h>
#include <unistd.h>
#include <valgrind/callgrind.h>

#include <algorithm>
#include <boost/version.hpp>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base64.h"
#include "core/random.h"
#include "hydrant/server.h"

namespace hydrant {
namespace {

#ifdef __clang__
constexpr const char* kCompiler = __VERSION__;
#else
constexpr const char* kCompiler = "GCC " __VERSION__;
#endif
constexpr std::size_t kRecordsOfPut = 500, kRecordsOfRead = 1000, kShards = 64;

[[noreturn]] void fail(const std::string& sentence) {
  std::fprintf(stderr, "count_requests: %s\n", sentence.c_str());
  std::exit(1);
}

class Connection {
 public:
  explicit Connection(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      fail("cannot connect");
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The whole reply; it must be a 200 and hold `wanted` near one of its ends.
  std::string_view exchange(std::string_view request, std::string_view wanted) {
    while (!request.empty()) {
      const auto sent = ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
      if (sent <= 0) fail("cannot send");
      request.remove_prefix(static_cast<std::size_t>(sent));
    }
    const auto reply = receive();
    if (!reply.starts_with("HTTP/1.1 200") || !holds(reply, wanted))
      fail("a wrong answer: " + std::string(reply.substr(0, 1000)));
    return reply;
  }

  // The server answers a hello of TLS, even a broken one, when it has its certificate: what makes
  // that must not be counted with the requests.
  void await_certificate() {
    constexpr std::string_view kBrokenHello("\x16\x03\x01\x00\x01\x00", 6);
    if (::send(socket_, kBrokenHello.data(), kBrokenHello.size(), MSG_NOSIGNAL) <= 0)
      fail("cannot send");
    char answer[64];
    while (::recv(socket_, answer, sizeof answer, 0) > 0) {
    }
  }

 private:
  std::string_view receive() {
    std::size_t got = 0, size = std::string::npos;
    while (got < size) {
      const auto more = ::recv(socket_, buffer_.data() + got, buffer_.size() - got, 0);
      if (more <= 0) fail("the connection ended");
      got += static_cast<std::size_t>(more);
      if (size == std::string::npos) size = size_of_reply({buffer_.data(), got});
    }
    return {buffer_.data(), got};
  }
  // npos while its header is not all here.
  static std::size_t size_of_reply(std::string_view reply) {
    static constexpr std::string_view kLength = "Content-Length: ";
    const auto end = reply.find("\r\n\r\n");
    const auto at = reply.substr(0, end).find(kLength);
    if (end == std::string::npos || at == std::string::npos) return std::string::npos;
    std::size_t length = 0;
    std::from_chars(reply.data() + at + kLength.size(), reply.data() + end, length);
    return end + 4 + length;
  }
  // Valgrind is slow, and replies are long.
  static bool holds(std::string_view reply, std::string_view wanted) {
    static constexpr std::size_t kEnd = 1000;
    const auto back = reply.substr(reply.size() - std::min(kEnd, reply.size()));
    return reply.substr(0, kEnd).find(wanted) != std::string::npos ||
           back.find(wanted) != std::string::npos;
  }

  const int socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  std::vector<char> buffer_ = std::vector<char>(std::size_t{4} << 20);
};

// Some 700 bytes of header, as an SDK sends them.
std::string request_of(std::string_view operation, const std::string& body) {
  std::string text =
      "POST / HTTP/1.1\r\nHost: 127.0.0.1:4566\r\nAccept-Encoding: identity\r\n"
      "Content-Type: application/x-amz-json-1.1\r\n"
      "User-Agent: Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux#6.1.0-26-amd64 md/arch#x86_64 "
      "lang/python#3.11.7 md/pyimpl#CPython m/b,Z,D,E cfg/retry-mode#standard Botocore/1.44.5\r\n"
      "X-Amz-Target: Kinesis_20131202.";
  text += operation;
  text +=
      "\r\nX-Amz-Date: 20260101T000000Z\r\nAuthorization: AWS4-HMAC-SHA256 "
      "Credential=AKIDEXAMPLE/20260101/us-east-1/kinesis/aws4_request, "
      "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature="
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\n"
      "amz-sdk-invocation-id: 5f3d5a3e-6f0f-4b52-9a0e-2f8c3f6d7e11\r\n"
      "amz-sdk-request: attempt=1\r\nContent-Length: ";
  return text + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// Data and keys at random, the same in every run.
class Bodies {
 public:
  std::string record(std::size_t bytes) {
    return R"({"Data":")" + data(bytes) + R"(","PartitionKey":")" + data(12) + R"("})";
  }
  std::string put_record(std::size_t bytes) {
    return R"({"StreamName":"wide",)" + record(bytes).substr(1);
  }
  std::string put_records(const std::string& stream, std::size_t bytes) {
    std::string text = R"({"StreamName":")" + stream + R"(","Records":[)";
    for (std::size_t i = 0; i < kRecordsOfPut; ++i) text += (i == 0 ? "" : ",") + record(bytes);
    return text + "]}";
  }

 private:
  std::string data(std::size_t bytes) {
    std::string text(bytes, '\0');
    random_.bytes(text.data(), text.size());
    return base64_encode(text);
  }
  Random random_{1};
};

// Counts `times` rounds of the requests, after one that is not counted: it makes room in buffers
// and blocks, as a server has it that has been up for a second. The dump is named after them.
void count(Connection& connection, const char* name, const std::vector<std::string>& requests,
           std::string_view wanted, std::size_t times) {
  for (const auto& request : requests) connection.exchange(request, wanted);
  CALLGRIND_ZERO_STATS;
  for (std::size_t i = 0; i < times; ++i) {
    for (const auto& request : requests) connection.exchange(request, wanted);
  }
  CALLGRIND_DUMP_STATS_AT(name);
  std::printf("%s: %zu requests\n", name, times * requests.size());
}

std::string first_iterator(Connection& connection) {
  const auto reply = connection.exchange(
      request_of("GetShardIterator",
                 R"({"StreamName":"narrow","ShardId":"0","ShardIteratorType":"TRIM_HORIZON"})"),
      "ShardIterator");
  static constexpr std::string_view kMember = R"("ShardIterator":")";
  const auto from = reply.find(kMember) + kMember.size();
  return std::string(reply.substr(from, reply.find('"', from) - from));
}

void run(Connection& connection) {
  Bodies bodies;
  const auto create = [&](const std::string& name, std::size_t shards) {
    connection.exchange(
        request_of("CreateStream", R"({"StreamName":")" + name + R"(","ShardCount":)" +
                                       std::to_string(shards) + "}"),
        "");
  };
  create("wide", kShards);
  create("narrow", 1);

  std::vector<std::string> requests;
  for (int i = 0; i < 100; ++i) requests.push_back(request_of("PutRecord", bodies.put_record(100)));
  count(connection, "PutRecord 100 B", requests, R"("SequenceNumber")", 10);

  requests.clear();
  for (int i = 0; i < 4; ++i)
    requests.push_back(request_of("PutRecords", bodies.put_records("wide", 1024)));
  count(connection, "PutRecords 500 x 1 KiB", requests, R"("FailedRecordCount":0)", 10);

  for (std::size_t put = 0; put < kRecordsOfRead; put += kRecordsOfPut) {
    connection.exchange(request_of("PutRecords", bodies.put_records("narrow", 1024)),
                        R"("FailedRecordCount":0)");
  }
  requests.assign(
      1, request_of("GetRecords", R"({"ShardIterator":")" + first_iterator(connection) +
                                      R"(","Limit":)" + std::to_string(kRecordsOfRead) + "}"));
  // All 1,000 have been read when there is nothing behind them.
  count(connection, "GetRecords 1000 x 1 KiB", requests, R"("MillisBehindLatest":0)", 20);
}

int main_of_counting() {
  std::printf("built with: %s, Boost %s, simdjson %d.%d.%d%s\n", kCompiler, BOOST_LIB_VERSION,
              simdjson::SIMDJSON_VERSION_MAJOR, simdjson::SIMDJSON_VERSION_MINOR,
              simdjson::SIMDJSON_VERSION_REVISION, __builtin_cpu_supports("avx2") ? ", AVX2" : "");
  std::string folder = (std::filesystem::temp_directory_path() / "hydrant-count-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) fail("cannot make a folder");

  Options options;
  options.port = 0;
  options.data_dir = folder;
  options.threads = 1;
  options.seed = 1;
  options.log_level = "warn";
  options.flush_on_exit = false;
  options.throttle.scale = 1e6;  // computed, but never empty
  options.memory = {1024, WhenMemoryIsFull::trim};
  options.delays.create_stream = std::chrono::milliseconds(0);
  Server server(options);
  if (const auto failure = server.start()) fail(failure->sentence);
  Connection(server.port()).await_certificate();
  {
    Connection connection(server.port());
    run(connection);
  }
  server.stop();
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace hydrant

int main() {
  CALLGRIND_TOGGLE_COLLECT;  // of this thread only: the others are the server
  return hydrant::main_of_counting();
}
