// The language of the delivery tests: a virtual clock, a bucket in memory that can be made to fail,
// a function that answers as a test says, and real delivery streams, pool and source streams.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base64.h"
#include "engine/delivery/delivery_registry.h"

namespace hydrant::delivery {

using namespace std::chrono_literals;

inline const TimePoint kStart = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2) + 3h + 4min;

// An object as a test speaks of it: the bytes, and where they went.
struct Written {
  std::string key, bytes, content_encoding, bucket;
};
inline void PrintTo(const Written& object, std::ostream* out) {
  *out << object.key << ": " << object.bytes.substr(0, 200);
}

class FakeSink final : public Sink {
 public:
  std::optional<std::string> put(const std::string& bucket, const std::string& key,
                                 std::string_view bytes, const objects::ObjectInfo& info) override {
    if (meanwhile) meanwhile();
    std::lock_guard lock(mutex_);
    ++attempts_;
    tried_.push_back(key);
    if (error_ && (bucket_.empty() || bucket_ == bucket)) return error_;
    written_.push_back({key, std::string(bytes), info.content_encoding, bucket});
    return std::nullopt;
  }
  std::function<void()> meanwhile;  // called by each write
  // `bucket`: only there; empty: everywhere.
  void fail_with(std::optional<std::string> error, std::string bucket = {}) {
    std::lock_guard lock(mutex_);
    error_ = std::move(error);
    bucket_ = std::move(bucket);
  }
  std::vector<Written> written() const {
    std::lock_guard lock(mutex_);
    return written_;
  }
  std::vector<std::string> tried() const {
    std::lock_guard lock(mutex_);
    return tried_;
  }
  int attempts() const {
    std::lock_guard lock(mutex_);
    return attempts_;
  }

 private:
  mutable std::mutex mutex_;
  std::optional<std::string> error_;
  std::string bucket_;
  std::vector<Written> written_;
  std::vector<std::string> tried_;
  int attempts_ = 0;
};

class FakeErrorLog final : public ErrorLog {
 public:
  void put(const CloudWatchLoggingSettings& logging, TimePoint, std::string_view message) override {
    std::lock_guard lock(mutex_);
    lines_.push_back(logging.log_group + ":" + logging.log_stream + " " + std::string(message));
  }
  std::vector<std::string> lines() const {
    std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

// What a function was sent.
struct Event {
  struct Record {
    std::string id, data;
  };
  std::string json, invocation_id;
  std::vector<Record> records;

  static Event parse(const std::string& json) {
    Event event{.json = json, .invocation_id = {}, .records = {}};
    simdjson::dom::parser parser;
    const auto root = parser.parse(json);
    event.invocation_id = std::string(std::string_view(root["invocationId"]));
    for (const auto record : simdjson::dom::array(root["records"])) {
      std::string data;
      EXPECT_TRUE(base64_decode(std::string_view(record["data"]), data));
      event.records.push_back({std::string(std::string_view(record["recordId"])), data});
    }
    return event;
  }
};

inline functions::InvokeResult answer(std::string payload) {
  functions::InvokeResult result;
  result.payload = std::move(payload);
  return result;
}
inline functions::InvokeResult function_error(std::string message = "boom") {
  functions::InvokeResult result;
  result.function_error = "Unhandled";
  result.payload = R"({"errorMessage":")" + message + R"(","errorType":"RuntimeError"})";
  return result;
}
inline functions::InvokeResult api_error(int status, std::string type = {}) {
  functions::InvokeResult result;
  result.status = status;
  result.error_type = std::move(type);
  return result;
}
inline std::string returned(const std::string& id, const std::string& result,
                            const std::string& data) {
  return R"({"recordId":")" + id + R"(","result":")" + result + R"(","data":")" +
         base64_encode(data) + R"("})";
}
// Every record, changed by `change`, as Ok.
inline functions::InvokeResult all_ok(
    const Event& event, const std::function<std::string(const std::string&)>& change =
                            [](const auto& data) { return "<" + data + ">"; }) {
  std::string records;
  for (const auto& record : event.records) {
    if (!records.empty()) records += ",";
    records += returned(record.id, "Ok", change(record.data));
  }
  return answer(R"({"records":[)" + records + "]}");
}

class FakeFunction final : public functions::Function {
 public:
  using Handler = std::function<functions::InvokeResult(const Event&)>;

  functions::InvokeResult invoke(const std::string& arn, const std::string& payload) override {
    const Event event = Event::parse(payload);
    Handler handler;
    {
      std::unique_lock lock(mutex_);
      arn_ = arn;
      events_.push_back(event);
      changed_.notify_all();
      changed_.wait(lock, [this] { return !held_ || passes_ > 0; });
      if (held_) --passes_;
      handler = handler_;
    }
    return handler(event);
  }
  void answer_with(Handler handler) {
    std::lock_guard lock(mutex_);
    handler_ = std::move(handler);
  }
  // Invocations wait inside the function, until so many are let through or all are.
  void hold() {
    std::lock_guard lock(mutex_);
    held_ = true;
  }
  void let_pass(int count) {
    std::lock_guard lock(mutex_);
    passes_ += count;
    changed_.notify_all();
  }
  void release() {
    std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }
  void wait_for_invocations(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return events_.size() >= count; });
  }
  std::vector<Event> events() const {
    std::lock_guard lock(mutex_);
    return events_;
  }
  std::size_t invocations() const { return events().size(); }
  std::string arn() const {
    std::lock_guard lock(mutex_);
    return arn_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Handler handler_ = [](const Event& event) { return all_ok(event); };
  std::vector<Event> events_;
  std::string arn_;
  bool held_ = false;
  int passes_ = 0;
};

inline const std::string kLambdaArn = "arn:aws:lambda:us-east-1:123456789012:function:transform";

inline LambdaSettings lambda(std::int32_t retries = 3, std::int32_t interval_s = 60,
                             double size_mb = 1.0) {
  LambdaSettings settings;
  settings.arn = kLambdaArn;
  settings.number_of_retries = retries;
  settings.buffer_size_mb = size_mb;
  settings.buffer_interval_s = interval_s;
  return settings;
}

class DeliveryTest : public ::testing::Test {
 protected:
  explicit DeliveryTest(std::int64_t memory_max = 1 << 30, Duration create_delay = 0s,
                        DirectPutQuota quota = {},
                        FailureRecordStyle style = FailureRecordStyle::current,
                        std::size_t active_partitions_max = 500,
                        streams::WhenFull when_full = streams::WhenFull::refuse)
      : memory(memory_max),
        streams({clock, memory, {}}, {}, when_full),
        registry({.clock = clock,
                  .pool = pool,
                  .random = random,
                  .memory = memory,
                  .streams = streams,
                  .sink = sink,
                  .find_function =
                      [this](const std::string&) { return has_function ? function : nullptr; },
                  .logger = Logger::silent(),
                  .failure_record_style = style,
                  .quota = quota,
                  .active_partitions_max = active_partitions_max,
                  .error_log = &error_log},
                 create_delay) {}
  ~DeliveryTest() override {
    function->release();
    registry.clear();
    pool.wait_idle();
  }

  static DeliveryStreamSettings named(const std::string& name, S3Settings s3 = {}) {
    DeliveryStreamSettings settings;
    settings.id = {"123456789012", "us-east-1", name};
    settings.s3 = std::move(s3);
    if (settings.s3.bucket.empty()) settings.s3.bucket = "bucket";
    return settings;
  }
  std::shared_ptr<DeliveryStream> create(const std::string& name, S3Settings s3 = {}) {
    return registry.create(named(name, std::move(s3)));
  }
  static S3Settings transformed(LambdaSettings by = lambda()) {
    S3Settings s3;
    s3.processing.lambda = std::move(by);
    return s3;
  }
  std::shared_ptr<DeliveryStream> stream(const std::string& name) {
    return registry.find(named(name).id);
  }

  AppendResult put(const std::string& name, const std::vector<std::string>& records) {
    const std::vector<std::string_view> views(records.begin(), records.end());
    return stream(name)->append(views);
  }
  void advance(Duration by) {
    clock.advance(by, [this] { pool.wait_idle(); });
  }
  void settle() { pool.wait_idle(); }

  std::future<FlushResult> begin_flush() {
    auto promise = std::make_shared<std::promise<FlushResult>>();
    pool.post_waiter([this, promise] { promise->set_value(registry.flush()); });
    return promise->get_future();
  }
  FlushResult flush() { return begin_flush().get(); }

  std::vector<std::string> bodies() const {
    std::vector<std::string> bodies;
    for (const auto& object : sink.written()) bodies.push_back(object.bytes);
    return bodies;
  }
  std::string delivered() const {
    std::string all;
    for (const auto& body : bodies()) all += body;
    return all;
  }
  DeliveryCounters counters(const std::string& name) { return stream(name)->state().counters; }

  VirtualClock clock{kStart};
  Random random{7};
  MemoryBudget memory;
  FakeSink sink;
  FakeErrorLog error_log;
  std::shared_ptr<FakeFunction> function = std::make_shared<FakeFunction>();
  bool has_function = true;
  streams::Registry streams;
  ThreadPool pool;
  DeliveryRegistry registry;
};

}  // namespace hydrant::delivery
