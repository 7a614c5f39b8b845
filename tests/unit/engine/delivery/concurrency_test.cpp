// Many threads at once: whatever is accepted is delivered exactly once.
#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "unit/engine/delivery/delivery_test.h"

namespace hydrant::delivery {
namespace {

constexpr int kThreads = 8;
constexpr int kCalls = 150;
constexpr std::size_t kRecordSize = 4096;

class ConcurrencyTest : public DeliveryTest {
 protected:
  // Runs `body(thread)` on every thread and waits for all.
  static void on_threads(const std::function<void(int)>& body) {
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) threads.emplace_back(body, i);
    for (auto& thread : threads) thread.join();
  }
  static std::string record(int number) {
    std::string text = std::to_string(number);
    text.resize(kRecordSize, ' ');
    return text;
  }
  void expect_each_once(int count) const {
    std::vector<int> times(static_cast<std::size_t>(count));
    const std::string all = delivered();
    for (std::size_t at = 0; at < all.size(); at += kRecordSize)
      ++times.at(std::stoul(all.substr(at, kRecordSize)));
    EXPECT_EQ(times, std::vector<int>(times.size(), 1));
  }
};

TEST_F(ConcurrencyTest, AcceptedIsDeliveredOnceWhileBuffersAreCut) {
  S3Settings s3;
  s3.buffering_size_mb = 1;
  create("logs", s3);
  on_threads([&](int thread) {
    for (int i = 0; i < kCalls; ++i) {
      const int first = (thread * kCalls + i) * 2;
      ASSERT_EQ(put("logs", {record(first), record(first + 1)}).status, AppendStatus::accepted);
    }
  });
  flush();
  expect_each_once(kThreads * kCalls * 2);
  EXPECT_EQ(memory.used(), 0);
}

TEST_F(ConcurrencyTest, AcceptedIsDeliveredOnceThroughATransformThatFailsNowAndThen) {
  S3Settings s3 = transformed(lambda(3, 60, 0.2));
  s3.buffering_size_mb = 1;
  create("logs", s3);
  std::mutex mutex;
  std::set<std::string> tried;
  function->answer_with([&](const Event& event) {
    std::lock_guard lock(mutex);
    const bool first = tried.insert(event.invocation_id).second;
    if (first && tried.size() % 3 == 0) return function_error();
    return all_ok(event, [](const auto& data) { return data; });
  });
  std::atomic<bool> over{false};
  std::thread flusher([&] {
    while (!over) flush();
  });
  on_threads([&](int thread) {
    for (int i = 0; i < kCalls; ++i) put("logs", {record(thread * kCalls + i)});
  });
  over = true;
  flusher.join();
  flush();
  expect_each_once(kThreads * kCalls);
  EXPECT_EQ(memory.used(), 0);
}

TEST_F(ConcurrencyTest, UpdatesStatesAndRemovalsDisturbNoOne) {
  create("logs");
  on_threads([&](int thread) {
    for (int i = 0; i < kCalls; ++i) {
      const auto logs = stream("logs");
      if (logs == nullptr) {
        create("logs");
      } else if (thread == 0) {
        (void)logs->update(logs->version_id(), named("logs", transformed()).s3);
      } else if (thread == 1 && i % 20 == 19) {
        registry.remove(named("logs").id);
      } else if (thread == 2) {
        (void)registry.states();
      } else {
        const std::string_view data = "x";
        (void)logs->append({&data, 1});
      }
    }
  });
  registry.clear();
  settle();
  EXPECT_EQ(memory.used(), 0);
}

}  // namespace
}  // namespace hydrant::delivery
