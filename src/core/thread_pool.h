// ThreadPool: background work. Tasks may block (disk, a Lambda function), so it grows while every
// thread is busy, and shrinks again when threads have been idle for a while.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace hydrant {

// Thread-safe.
class ThreadPool {
 public:
  using Task = std::function<void()>;

  explicit ThreadPool(std::size_t threads_max = 256);
  ~ThreadPool();  // runs what is queued, then joins
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Work of the server: wait_idle() waits for it.
  void post(Task task) { add(std::move(task), true); }
  // A task that itself waits for work to be done (advance, flush): not counted, or it would wait
  // for itself.
  void post_waiter(Task task) { add(std::move(task), false); }

  // Returns at a moment when no counted task is queued or running. Not from a counted task.
  void wait_idle();

 private:
  struct Entry {
    Task task;
    bool counted;
  };
  void add(Task task, bool counted);
  void run();

  const std::size_t threads_max_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable idle_;
  std::condition_variable ended_;
  std::deque<Entry> queue_;
  std::size_t counted_ = 0;  // queued and running
  std::size_t threads_ = 0;
  std::size_t waiting_ = 0;
  bool stopping_ = false;
};

}  // namespace hydrant
