// Wake: how any thread tells a connection that its streamed body has more.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "net/io_pool.h"

namespace hydrant::net {

// Calls made before the connection has looked are one. Thread-safe; may outlive the connection and
// its thread.
class Wake : public std::enable_shared_from_this<Wake> {
 public:
  // `woken` is called on the thread of the mailbox, also when the connection has gone meanwhile.
  Wake(std::shared_ptr<Mailbox> mailbox, std::function<void()> woken)
      : mailbox_(std::move(mailbox)), woken_(std::move(woken)) {}

  void signal() {
    if (pending_.exchange(true, std::memory_order_acq_rel)) return;
    mailbox_->post([self = shared_from_this()] {
      self->pending_.store(false, std::memory_order_release);
      self->woken_();
    });
  }
  std::function<void()> function() {
    return [self = shared_from_this()] { self->signal(); };
  }

 private:
  const std::shared_ptr<Mailbox> mailbox_;
  const std::function<void()> woken_;
  std::atomic<bool> pending_{false};
};

}  // namespace hydrant::net
