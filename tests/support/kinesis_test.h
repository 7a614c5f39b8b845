// KinesisTest: Kinesis behind its front end, in-process and on a virtual clock. A test calls
// operations as a client would, so decoding, validation and encoding are part of what it sees.
#pragma once
#include <gmock/gmock.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/dispatcher.h"
#include "aws/gap_sink.h"
#include "aws/token.h"
#include "core/base64.h"
#include "core/clock.h"
#include "core/logging.h"
#include "core/memory_budget.h"
#include "core/random.h"
#include "engine/streams/registry.h"
#include "net/message.h"
#include "services/kinesis/service.h"

namespace hydrant::kinesis {

using Json = nlohmann::json;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

inline constexpr const char* kAccount = "123456789012";
inline constexpr const char* kRegion = "us-east-1";
inline constexpr const char* kJsonType = "application/x-amz-json-1.1";
// 2026-01-01T00:00:00Z
inline constexpr std::int64_t kStartSecond = 1'767'225'600;

// A reply as the client sees it.
struct Answer {
  int status = 0;
  std::string headers;
  std::string text;
  Json body;                                // null if the text is empty or no JSON
  std::shared_ptr<net::BodyStream> stream;  // of an answer that is a stream of events

  const Json& operator[](const char* member) const { return body.at(member); }
  // The value of a header line; empty if there is none.
  std::string header(const std::string& name) const {
    const auto at = headers.find(name + ": ");
    if (at == std::string::npos) return {};
    const auto from = at + name.size() + 2;
    return headers.substr(from, headers.find("\r\n", from) - from);
  }
};

inline std::ostream& operator<<(std::ostream& out, const Answer& answer) {
  return out << answer.status << ' ' << answer.text.substr(0, 2000);
}

// The text may be a matcher; a plain one must be the whole message.
MATCHER_P2(RefusedAs, code, text, "") {
  if (arg.status != 400 || !arg.body.is_object() || arg.body.value("__type", "") != code)
    return false;
  const char* key = arg.body.contains("Message") ? "Message" : "message";
  if (!arg.body.contains(key)) return false;
  return testing::ExplainMatchResult(text, arg.body.at(key).template get<std::string>(),
                                     result_listener);
}

MATCHER(Succeeded, "") { return arg.status == 200; }

// Members of a JSON object, whatever their values.
inline std::vector<std::string> members_of(const Json& object) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object.items()) names.push_back(name);
  return names;
}

struct RawRequest {
  std::string method = "POST";
  std::string target = "/";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// No operation of Kinesis under test answers later.
class NeverLater final : public net::Later {
 public:
  Give defer() override {
    ADD_FAILURE() << "asked for more time";
    return [](net::Reply) {};
  }
};

class RecordingGaps final : public aws::GapSink {
 public:
  std::optional<aws::Error> note(const std::string& where, const std::string& setting,
                                 const std::string&) override {
    noted.push_back(where + ": " + setting);
    if (!strict) return std::nullopt;
    return aws::Error::validation(setting + " is not emulated");
  }
  std::vector<std::string> noted;
  bool strict = false;
};

// What a test may choose. Limits are off unless a test is about them.
struct World {
  streams::Delays delays{};
  streams::ThrottleSettings throttle{.enabled = false};
  std::int64_t memory_bytes_max = std::int64_t{1} << 30;
  streams::WhenFull when_full = streams::WhenFull::refuse;
  aws::AuthMode auth = aws::AuthMode::off;
  Quotas quotas{};
};

class KinesisTest : public testing::Test {
 protected:
  KinesisTest() : KinesisTest(World{}) {}
  explicit KinesisTest(const World& world)
      : memory(world.memory_bytes_max),
        registry({clock, memory, world.throttle}, world.delays, world.when_full),
        service({registry, clock, tokens, gaps, world.quotas}),
        dispatcher({kAccount, kRegion, world.auth}, {&service}, random, Logger::silent()) {}

  // Any request at all. The body lies at the end of its own allocation, so that a sanitizer sees a
  // parser that reads beyond the padding; the padding would change the document if it were read.
  Answer send(const RawRequest& raw) { return send_to(dispatcher, raw); }
  static Answer send_to(aws::Dispatcher& dispatcher, const RawRequest& raw) {
    const auto room = std::make_unique<char[]>(raw.body.size() + net::kBodyPadding);
    std::memcpy(room.get(), raw.body.data(), raw.body.size());
    std::memset(room.get() + raw.body.size(), '}', net::kBodyPadding);
    net::Request request;
    request.method = raw.method;
    request.target = raw.target;
    for (const auto& [name, value] : raw.headers) request.headers.push_back({name, value});
    request.body = {room.get(), raw.body.size()};
    NeverLater later;
    auto reply = dispatcher.serve(request, later);
    Answer answer{
        reply.status, std::move(reply.headers), std::move(reply.body), {}, std::move(reply.stream)};
    answer.body = Json::parse(answer.text, nullptr, false);
    if (answer.body.is_discarded()) answer.body = nullptr;
    return answer;
  }

  static RawRequest request_of(const std::string& operation, std::string body) {
    return {"POST",
            "/",
            {{"Content-Type", kJsonType}, {"X-Amz-Target", "Kinesis_20131202." + operation}},
            std::move(body)};
  }
  Answer call(const std::string& operation, const Json& input) {
    auto answer = send(request_of(operation, input.dump()));
    note_error(operation, answer);
    return answer;
  }
  // For a comparison with the errors that the service's model lists.
  static void note_error(const std::string& operation, const Answer& answer) {
    const char* file = std::getenv("HYDRANT_ERRORS_SEEN");
    if (file == nullptr || !answer.body.is_object() || !answer.body.contains("__type")) return;
    std::ofstream(file, std::ios::app)
        << operation << ' ' << answer.body["__type"].get<std::string>() << '\n';
  }
  // With a SigV4 scope; a 12-digit access key names the account.
  Answer call_as(const std::string& account, const std::string& region,
                 const std::string& operation, const Json& input) {
    auto request = request_of(operation, input.dump());
    request.headers.emplace_back("Authorization",
                                 "AWS4-HMAC-SHA256 Credential=" + account + "/20260101/" + region +
                                     "/kinesis/aws4_request, SignedHeaders=host, Signature=0");
    return send(request);
  }

  void advance(Duration by) { clock.advance(by); }

  // A stream that is ACTIVE when this returns, whatever the delays are.
  void create_stream(const std::string& name, int shards, const Json& more = Json::object()) {
    Json input = {{"StreamName", name}, {"ShardCount", shards}};
    input.update(more);
    ASSERT_THAT(call("CreateStream", input), Succeeded());
    settle(name);
  }
  // Lets the time pass that a change of the stream takes.
  void settle(const std::string& name) {
    for (int i = 0; i < 100 && status(name) != "ACTIVE"; ++i) advance(milliseconds(100));
    ASSERT_EQ(status(name), "ACTIVE");
  }
  std::string status(const std::string& name) {
    const auto answer = call("DescribeStreamSummary", {{"StreamName", name}});
    if (answer.status != 200) return "(none)";
    return answer["StreamDescriptionSummary"].at("StreamStatus").get<std::string>();
  }

  static Json record(std::string_view data, const std::string& key) {
    return {{"Data", base64_encode(data)}, {"PartitionKey", key}};
  }
  static Json record_at(std::string_view data, const std::string& hash_key) {
    auto entry = record(data, "k");
    entry["ExplicitHashKey"] = hash_key;
    return entry;
  }
  Answer put(const std::string& stream, Json record) {
    record["StreamName"] = stream;
    return call("PutRecord", record);
  }
  Answer put_all(const std::string& stream, const std::vector<Json>& records) {
    return call("PutRecords", {{"StreamName", stream}, {"Records", records}});
  }

  Answer ask_iterator(const std::string& stream, const std::string& shard, const std::string& type,
                      const Json& more = Json::object()) {
    Json input = {{"StreamName", stream}, {"ShardId", shard}, {"ShardIteratorType", type}};
    input.update(more);
    return call("GetShardIterator", input);
  }
  std::string iterator(const std::string& stream, const std::string& shard,
                       const std::string& type = "TRIM_HORIZON",
                       const Json& more = Json::object()) {
    const auto answer = ask_iterator(stream, shard, type, more);
    EXPECT_THAT(answer, Succeeded());
    return answer.status == 200 ? answer["ShardIterator"].get<std::string>() : std::string{};
  }
  Answer read(const std::string& iterator, const Json& more = Json::object()) {
    Json input = {{"ShardIterator", iterator}};
    input.update(more);
    return call("GetRecords", input);
  }
  // The data of the records of an answer, decoded.
  static std::vector<std::string> data_of(const Answer& answer) {
    std::vector<std::string> all;
    if (answer.status != 200) return {"(" + answer.text + ")"};
    for (const auto& each : answer["Records"])
      all.push_back(decoded(each.at("Data").get<std::string>()));
    return all;
  }
  // Everything that a shard holds.
  std::vector<std::string> drain(const std::string& stream, const std::string& shard) {
    return data_of(read(iterator(stream, shard)));
  }
  static std::string decoded(const std::string& base64) {
    std::string bytes;
    EXPECT_TRUE(base64_decode(base64, bytes)) << base64;
    return bytes;
  }

  // Open and closed, as DescribeStream lists them.
  Json shards(const std::string& stream) {
    const auto answer = call("DescribeStream", {{"StreamName", stream}});
    return answer.status == 200 ? answer["StreamDescription"].at("Shards") : Json(answer.text);
  }
  static bool is_open(const Json& shard) {
    return !shard.at("SequenceNumberRange").contains("EndingSequenceNumber");
  }
  static std::string arn(const std::string& stream, const std::string& region = kRegion) {
    return "arn:aws:kinesis:" + region + ":" + kAccount + ":stream/" + stream;
  }
  static std::string shard_name(int number) { return streams::shard_id(number); }

  VirtualClock clock{TimePoint(seconds(kStartSecond))};
  Random random{1};
  MemoryBudget memory;
  aws::TokenSealer tokens{random};
  RecordingGaps gaps;
  streams::Registry registry;
  Service service;
  aws::Dispatcher dispatcher;
};

}  // namespace hydrant::kinesis
