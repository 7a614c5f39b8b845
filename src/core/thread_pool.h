// ThreadPool: background work. Tasks may block (disk, a Lambda function), so it grows while every
// thread is busy, and shrinks again when threads have been idle for a while.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace hydrant {

// Thread-safe.
class ThreadPool {
 public:
  using Task = std::function<void()>;
  // Runs a task on a thread of its own, which nobody joins; std::system_error if there is none to
  // be had.
  using StartThread = std::function<void(Task)>;
  static void start_detached(Task task) { std::thread(std::move(task)).detach(); }

  explicit ThreadPool(std::size_t threads_max = 256, StartThread start = start_detached);
  ~ThreadPool();  // runs what is queued, then joins
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Work of the server: wait_idle() waits for it. Both throw std::system_error, and take nothing,
  // if the system gives no thread and there is none.
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
  bool add_thread();  // the mutex is held
  void run();

  const std::size_t threads_max_;
  const StartThread start_;
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
