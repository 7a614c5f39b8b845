// The admin interface under /_hydrant/: JSON in, JSON out.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "net/message.h"
#include "server/configuration.h"
#include "server/parts.h"

namespace hydrant::server {

// Thread-safe. What takes time (flush, advance, reset) runs on the pool; an I/O thread never waits.
class Admin final : public net::Handler {
 public:
  Admin(Parts& parts, const Resources& resources) : parts_(parts), resources_(resources) {}
  ~Admin() override;  // waits for what is under way

  net::Reply serve(const net::Request& request, net::Later& later) override;
  // For requests of handlers: what would wait for the very handler that asks is refused.
  net::Reply serve_handler(const net::Request& request, net::Later& later);

  // What requests ask for, for callers in this process. The reply is given to `later`, unless it is
  // returned at once (advance, when it is refused).
  net::Reply advance(Duration by, net::Later& later);
  void flush(const std::string& name, net::Later& later);  // empty: every delivery stream
  void reset(net::Later& later);

  // Services are not to be called while everything is forgotten and made again: the reply that says
  // so, which clients of AWS try again after.
  bool resetting() const { return resetting_.load(std::memory_order_relaxed); }
  static net::Reply busy_reply();

  static bool is_admin(const net::Request& request) {
    return request.path().starts_with("/_hydrant");
  }

 private:
  net::Reply route(const net::Request& request, net::Later& later, bool from_handler);
  bool origin_allowed(const net::Request& request) const;
  net::Reply clock_reply() const;
  net::Reply gaps_reply() const;
  // Runs `work` on the pool. It is told whether a reset took place meanwhile: then the answer is
  // 409.
  void run_later(net::Later& later, std::function<net::Reply()> work);
  net::Reply advance_reply(const net::Request& request, net::Later& later);
  void forget_resources();
  bool begin_work(std::uint64_t& epoch);
  bool end_work(std::uint64_t epoch);

  Parts& parts_;
  const Resources& resources_;

  std::mutex mutex_;  // guards all below
  std::condition_variable idle_;
  std::uint64_t epoch_ = 0;  // of resets
  int working_ = 0;          // flushes and advances under way
  bool advancing_ = false;
  std::atomic<bool> resetting_ = false;  // written under the mutex
};

}  // namespace hydrant::server
