#include "core/thread_pool.h"

#include <chrono>
#include <system_error>
#include <utility>

namespace hydrant {
namespace {
constexpr std::chrono::seconds kIdleThreadLife{10};
}

ThreadPool::ThreadPool(std::size_t threads_max, StartThread start)
    : threads_max_(threads_max), start_(std::move(start)) {}

ThreadPool::~ThreadPool() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  work_.notify_all();
  ended_.wait(lock, [this] { return threads_ == 0; });
}

void ThreadPool::add(Task task, bool counted) {
  std::unique_lock lock(mutex_);
  const bool grows = queue_.size() >= waiting_ && threads_ < threads_max_;
  const bool has_grown = grows && add_thread();
  queue_.push_back({std::move(task), counted});
  if (counted) ++counted_;
  if (!has_grown) work_.notify_one();
}

// The system may have no thread to give. Then the others do the work, if there are any.
bool ThreadPool::add_thread() {
  try {
    start_([this] { run(); });  // the destructor waits for threads_ == 0
  } catch (const std::system_error&) {
    if (threads_ == 0) throw;
    return false;
  }
  ++threads_;
  return true;
}

void ThreadPool::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++waiting_;
    const bool awake =
        work_.wait_for(lock, kIdleThreadLife, [this] { return !queue_.empty() || stopping_; });
    --waiting_;
    if (queue_.empty() && (stopping_ || !awake)) break;
    if (queue_.empty()) continue;

    Entry entry = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    entry.task();
    entry.task = nullptr;  // what it holds is released before it counts as done
    lock.lock();
    if (entry.counted && --counted_ == 0) idle_.notify_all();
  }
  if (--threads_ == 0) ended_.notify_all();
}

void ThreadPool::wait_idle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return counted_ == 0; });
}

}  // namespace hydrant
