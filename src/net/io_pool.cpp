#include "net/io_pool.h"

#include <exception>

#include "core/clock.h"
#include "net/reply_head.h"

namespace hydrant::net {

ConnectionCount::Slot ConnectionCount::enter(std::size_t connections_max) {
  if (value_.fetch_add(1, std::memory_order_relaxed) < connections_max) return Slot(*this);
  leave();
  return {};
}

// The lock is for wait_none(): it must not miss the last one leaving.
void ConnectionCount::leave() {
  if (value_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  std::lock_guard lock(mutex_);
  none_.notify_all();
}

bool ConnectionCount::wait_none(std::chrono::milliseconds time_max) {
  std::unique_lock lock(mutex_);
  return none_.wait_for(lock, time_max, [this] { return value() == 0; });
}

void ConnectionCount::wait_none() {
  std::unique_lock lock(mutex_);
  none_.wait(lock, [this] { return value() == 0; });
}

IoThread::IoThread(std::chrono::milliseconds sweep_period, std::shared_ptr<Logger> logger)
    : sweep_period_(sweep_period), logger_(std::move(logger)) {
  tick();
}

IoThread::~IoThread() { mailbox_->close(); }

void IoThread::start() {
  arm();
  thread_ = std::thread([this] { run(); });
}

void IoThread::finish() {
  asio::post(context_, [this] {
    finishing_ = true;
    timer_.cancel();
    work_.reset();
  });
}

void IoThread::join() { thread_.join(); }

// To sleep and to be woken costs as much as to answer a small request. So a thread that has nothing
// left to do lets others have the processor once, often the very client whose request it waits for,
// and sleeps only if nothing has come by then. Where nobody else wants the processor that is over
// at once.
void IoThread::serve() {
  do {
    context_.poll();
    std::this_thread::yield();
  } while (context_.run_one() > 0);
}

// A connection catches what its handler throws; what arrives here is out of memory or a bug, and
// costs one connection, not the thread.
void IoThread::run() {
  for (;;) {
    try {
      serve();
      return;
    } catch (const std::exception& error) {
      logger_->error("a connection failed: {}", error.what());
    }
  }
}

void IoThread::tick() {
  now_ = steady_now();
  date_ = http_date(system_now());
}

void IoThread::arm() {
  timer_.expires_after(sweep_period_);
  timer_.async_wait([this](error_code) {
    if (finishing_) return;
    tick();
    for (auto* session : sessions_) session->sweep(now_);
    request_bodies_.sweep();
    reply_bodies_.sweep();
    reply_texts_.sweep();
    arm();
  });
}

// Large bodies are for whoever comes next; a small one would have to grow for a large reply.
Reply IoThread::spare_reply() {
  Reply spare;
  spare.headers = reply_texts_.take();
  spare.body = reply_bodies_.size() > 0 ? reply_bodies_.take() : reply_texts_.take();
  return spare;
}

void IoThread::give(Reply&& used) {
  reply_texts_.give(std::move(used.headers));
  auto& bodies = reply_bodies_.keeps(used.body) ? reply_bodies_ : reply_texts_;
  bodies.give(std::move(used.body));
}

void IoThread::drain() {
  draining_ = true;
  for (auto* session : sessions_) session->drain();
}

void IoThread::close_all() {
  draining_ = true;
  for (auto* session : sessions_) session->close();
}

IoPool::IoPool(std::size_t threads, std::chrono::milliseconds sweep_period,
               const std::shared_ptr<Logger>& logger) {
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i)
    threads_.push_back(std::make_unique<IoThread>(sweep_period, logger));
}

void IoPool::start() {
  for (auto& thread : threads_) thread->start();
}

void IoPool::join() {
  for (auto& thread : threads_) thread->finish();
  for (auto& thread : threads_) thread->join();
}

IoThread& IoPool::next() {
  next_ = (next_ + 1) % threads_.size();
  return *threads_[next_];
}

void IoPool::drain() {
  for (auto& thread : threads_) asio::post(thread->context(), [io = thread.get()] { io->drain(); });
}

void IoPool::close_all() {
  for (auto& thread : threads_)
    asio::post(thread->context(), [io = thread.get()] { io->close_all(); });
}

}  // namespace hydrant::net
