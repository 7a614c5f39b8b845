// A Firehose service behind its dispatcher, in one process, under a clock that stands still.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aws/dispatcher.h"
#include "core/base64.h"
#include "core/mutex.h"
#include "services/firehose/service.h"

namespace hydrant::firehose {

using aws::Error;
using aws::Json;
using aws::Result;
using namespace std::chrono_literals;

inline constexpr const char* kTestAccount = "123456789012";
inline constexpr const char* kTestRegion = "us-east-1";
inline constexpr const char* kTestRole = "arn:aws:iam::123456789012:role/firehose-role";
inline constexpr const char* kTestBucket = "arn:aws:s3:::results";
inline constexpr const char* kTestFunction =
    "arn:aws:lambda:us-east-1:123456789012:function:transform";
inline constexpr const char* kTestSource = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks";

// Keeps what is delivered. Thread-safe.
class MemorySink final : public delivery::Sink {
 public:
  std::optional<std::string> put(const std::string& bucket, const std::string& key,
                                 std::string_view bytes, const objects::ObjectInfo&) override {
    MutexLock lock(mutex_);
    objects_.emplace_back(bucket + "/" + key, std::string(bytes));
    return std::nullopt;
  }
  std::vector<std::pair<std::string, std::string>> objects() const {
    MutexLock lock(mutex_);
    return objects_;
  }

 private:
  mutable Mutex mutex_;
  std::vector<std::pair<std::string, std::string>> objects_ GUARDED_BY(mutex_);
};

class RecordingGaps final : public aws::GapSink {
 public:
  std::optional<Error> note(const std::string& where, const std::string& setting,
                            const std::string&) override {
    noted.push_back(where + ": " + setting);
    if (!strict) return std::nullopt;
    return Error::invalid_argument("refused: " + setting);
  }

  bool strict = false;
  std::vector<std::string> noted;
};

class NeverLater final : public net::Later {
 public:
  Give defer() override {
    ADD_FAILURE() << "no operation of Firehose answers later";
    return [](net::Reply) {};
  }
};

struct WorldSettings {
  Duration create_delay{0};
  std::int64_t memory_bytes_max = 64 * 1024 * 1024;
  delivery::DirectPutQuota quota{};
  bool lenient_partitioning = false;
  aws::KmsKeys kms_keys{};
  Duration encryption_delay{0};
  bool limits_encryption_changes = false;
  std::int64_t delivery_streams_max = 5'000;
};

// All that the service is handed, and the service.
struct World {
  explicit World(const WorldSettings& settings)
      : memory(settings.memory_bytes_max),
        streams({.clock = clock, .memory = memory, .throttle = {}}, {}, streams::WhenFull::refuse),
        registry({.clock = clock,
                  .pool = pool,
                  .random = random,
                  .memory = memory,
                  .streams = streams,
                  .sink = sink,
                  .find_function = [](const std::string&) { return nullptr; },
                  .logger = Logger::silent(),
                  .failure_record_style = delivery::FailureRecordStyle::current,
                  .quota = settings.quota},
                 settings.create_delay),
        kms_keys(settings.kms_keys),
        environment{.registry = registry,
                    .streams = streams,
                    .clock = clock,
                    .random = random,
                    .gaps = gaps,
                    .lenient_partitioning = settings.lenient_partitioning,
                    .kms_keys = &kms_keys,
                    .encryption_delay = settings.encryption_delay,
                    .limits_encryption_changes = settings.limits_encryption_changes,
                    .delivery_streams_max = settings.delivery_streams_max},
        service(environment),
        dispatcher({.account = kTestAccount, .region = kTestRegion}, {&service}, random,
                   Logger::silent()) {}
  ~World() {
    registry.clear();
    pool.wait_idle();
  }

  VirtualClock clock{std::chrono::sys_days{std::chrono::year{2026} / 1 / 2}};
  Random random{1};
  ThreadPool pool;
  MemoryBudget memory;
  MemorySink sink;
  RecordingGaps gaps;
  streams::Registry streams;
  delivery::DeliveryRegistry registry;
  aws::KmsKeys kms_keys;
  Environment environment;
  Service service;
  aws::Dispatcher dispatcher;
};

// RefusedAs("InvalidArgumentException", "Invalid lambda ARN.")
MATCHER_P2(RefusedAs, code, message, "") {
  if (arg) {
    *result_listener << "which is a success";
    return false;
  }
  *result_listener << "which is " << arg.error();
  return arg.error().code == code && arg.error().message.value_or("") == message;
}

class FirehoseTest : public ::testing::Test {
 protected:
  explicit FirehoseTest(const WorldSettings& settings = {}) : world(settings) {}

  // Through the dispatcher, as a client does; an error has the code, text and status it came with.
  Result<Json> call(const std::string& operation, const Json& input) {
    return call_raw(operation, input.dump());
  }
  Result<Json> call_raw(const std::string& operation, const std::string& body) {
    const std::string target = "Firehose_20150804." + operation;
    const std::string padded = body + std::string(net::kBodyPadding, '\0');
    net::Request request;
    request.method = "POST";
    request.target = "/";
    request.headers = {{"Content-Type", "application/x-amz-json-1.1"}, {"X-Amz-Target", target}};
    request.body = std::string_view(padded).substr(0, body.size());
    NeverLater later;
    const net::Reply reply = world.dispatcher.serve(request, later);
    Json answer = Json::parse(reply.body);
    if (reply.status == 200) return answer;
    std::optional<std::string> message;
    for (const auto* name : {"message", "Message"})
      if (answer.contains(name)) message = answer[name].get<std::string>();
    Error error{answer["__type"].get<std::string>(), message, reply.status,
                answer.contains("Message")};
    if (answer.contains("code")) error.reason = answer["code"].get<std::string>();
    return error;
  }

  // An operation that takes the name of a delivery stream and `more`.
  Result<Json> call_on(const std::string& name, const std::string& operation,
                       const Json& more = Json::object()) {
    Json input{{"DeliveryStreamName", name}};
    input.update(more);
    return call(operation, input);
  }
  Result<Json> put(const std::string& name, const std::string& data = "x") {
    return call_on(name, "PutRecord", {{"Record", record(data)}});
  }

  // A delivery stream to S3 with `more` members in its configuration.
  static Json creation(const std::string& name, const Json& more = Json::object()) {
    Json configuration{{"RoleARN", kTestRole}, {"BucketARN", kTestBucket}};
    configuration.update(more);
    return {{"DeliveryStreamName", name}, {"ExtendedS3DestinationConfiguration", configuration}};
  }
  Result<Json> create(const std::string& name, const Json& more = Json::object()) {
    return call("CreateDeliveryStream", creation(name, more));
  }
  static Json from_kinesis(const std::string& name) {
    Json request = creation(name);
    request["DeliveryStreamType"] = "KinesisStreamAsSource";
    request["KinesisStreamSourceConfiguration"] = {{"KinesisStreamARN", kTestSource},
                                                   {"RoleARN", kTestRole}};
    return request;
  }
  void create_source() {
    world.streams.create_active({kTestAccount, kTestRegion, "clicks"}, {}, 1);
  }

  Json describe(const std::string& name) {
    const auto reply = call("DescribeDeliveryStream", {{"DeliveryStreamName", name}});
    EXPECT_TRUE(reply) << reply.error();
    return reply ? (*reply)["DeliveryStreamDescription"] : Json();
  }
  // What the engine was told.
  delivery::S3Settings settings(const std::string& name) {
    return world.registry.find({kTestAccount, kTestRegion, name})->settings().s3;
  }
  Json extended(const std::string& name) {
    return describe(name)["Destinations"][0]["ExtendedS3DestinationDescription"];
  }
  Result<Json> update(const std::string& name, const Json& changes,
                      const std::string& version = "1") {
    return call("UpdateDestination", {{"DeliveryStreamName", name},
                                      {"CurrentDeliveryStreamVersionId", version},
                                      {"DestinationId", "destinationId-000000000001"},
                                      {"ExtendedS3DestinationUpdate", changes}});
  }
  static Json record(const std::string& data) { return {{"Data", base64_encode(data)}}; }

  void advance(Duration by) {
    world.clock.advance(by, [this] { world.pool.wait_idle(); });
  }

  static Json parameter(const std::string& name, const std::string& value) {
    return {{"ParameterName", name}, {"ParameterValue", value}};
  }
  static Json processor(const std::string& type, const std::vector<Json>& parameters = {}) {
    return {{"Type", type}, {"Parameters", parameters}};
  }
  static Json processing(const std::vector<Json>& processors) {
    return {{"ProcessingConfiguration", {{"Enabled", true}, {"Processors", processors}}}};
  }
  // A Lambda processor with `more` parameters.
  static Json lambda(std::vector<Json> more = {}) {
    more.insert(more.begin(), parameter("LambdaArn", kTestFunction));
    return processor("Lambda", more);
  }

  World world;
};

}  // namespace hydrant::firehose
