// IoPool: one io_context per thread, and what its connections share: their list, a coarse clock,
// the text of the Date header. No connection arms a timer of its own; a sweep of the list finds the
// ones beyond their deadline.
#pragma once
#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/logging.h"
#include "core/mutex.h"
#include "net/byte_buffer.h"
#include "net/io.h"
#include "net/message.h"
#include "net/spares.h"

namespace hydrant::net {

// One connection, as its thread sees it. Everything here is called on that thread.
class Session {
 public:
  virtual ~Session() = default;
  virtual void sweep(SteadyTime now) = 0;  // close() if beyond a deadline
  virtual void drain() = 0;                // end when no request is under way
  virtual void close() = 0;                // end as soon as possible; returns before it has ended
};

// Lets other threads reach an io_context that may be gone. Thread-safe.
class Mailbox {
 public:
  explicit Mailbox(asio::io_context& context) : context_(&context) {}

  template <class Function>
  void post(Function&& function) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (context_ != nullptr) asio::post(*context_, std::forward<Function>(function));
  }
  void close() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    context_ = nullptr;
  }

 private:
  Mutex mutex_;
  asio::io_context* context_ GUARDED_BY(mutex_);
};

// How many connections there are, over all threads. Thread-safe.
class ConnectionCount {
 public:
  // Owns one connection's place.
  class Slot {
   public:
    Slot() = default;
    explicit Slot(ConnectionCount& count) : count_(&count) {}
    Slot(Slot&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
    Slot& operator=(Slot&&) = delete;
    ~Slot() {
      if (count_ != nullptr) count_->leave();
    }
    explicit operator bool() const { return count_ != nullptr; }

   private:
    ConnectionCount* count_ = nullptr;
  };

  Slot enter(std::size_t connections_max);  // empty if there is no place
  std::size_t value() const { return value_.load(std::memory_order_relaxed); }
  bool wait_none(std::chrono::milliseconds time_max);
  void wait_none();

 private:
  void leave();

  std::atomic<std::size_t> value_{0};
  std::mutex mutex_;
  std::condition_variable none_;
};

// Constructed and destroyed by the server's thread; the members below "on its thread" are the
// thread's own.
class IoThread {
 public:
  IoThread(std::chrono::milliseconds sweep_period, std::shared_ptr<Logger> logger);
  ~IoThread();

  asio::io_context& context() { return context_; }
  const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }
  void start();
  void finish();  // its thread ends when nothing is left to do
  void join();

  // On its thread.
  using Place = std::list<Session*>::iterator;
  Place add(Session& session) { return sessions_.insert(sessions_.end(), &session); }
  void remove(Place place) { sessions_.erase(place); }
  void drain();
  void close_all();
  bool draining() const { return draining_; }
  std::string_view date() const { return date_; }
  SteadyTime now() const { return now_; }  // of the last sweep
  Spares<ByteBuffer>& request_bodies() { return request_bodies_; }
  Reply spare_reply();
  void give(Reply&& used);  // one that is done with
  // When a limit that begins now ends. The clock is that of the last sweep, so a period is added:
  // nothing is cut off early.
  SteadyTime deadline_in(std::chrono::milliseconds time) const {
    return now_ + time + sweep_period_;
  }
  // The same of a limit that is another while the server stops.
  SteadyTime deadline_in(std::chrono::milliseconds time, std::chrono::milliseconds at_end) const {
    return deadline_in(draining_ ? std::min(time, at_end) : time);
  }

 private:
  static constexpr std::size_t kSmallestText = 128;

  void run();
  void serve();
  void tick();
  void arm();

  const std::chrono::milliseconds sweep_period_;
  const std::shared_ptr<Logger> logger_;
  asio::io_context context_{1};
  asio::executor_work_guard<Executor> work_{context_.get_executor()};
  Timer timer_{context_};
  const std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>(context_);
  std::list<Session*> sessions_;
  Spares<ByteBuffer> request_bodies_;
  Spares<std::string> reply_bodies_;
  Spares<std::string> reply_texts_{kSmallestText};  // heads, and bodies that are small
  SteadyTime now_;
  std::string date_;
  bool draining_ = false;
  bool finishing_ = false;
  std::thread thread_;
};

class IoPool {
 public:
  IoPool(std::size_t threads, std::chrono::milliseconds sweep_period,
         const std::shared_ptr<Logger>& logger);

  void start();
  void join();  // after the last connection has ended; the threads end
  IoThread& first() { return *threads_.front(); }
  IoThread& next();  // round robin; one caller at a time
  void drain();      // the connections of every thread, in the order in which they were dealt
  void close_all();

 private:
  std::vector<std::unique_ptr<IoThread>> threads_;
  std::size_t next_ = 0;
};

}  // namespace hydrant::net
