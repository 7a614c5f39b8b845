// Exchange: what one request and its reply live in, and how a reply that is given later finds its
// way back to the connection.
#pragma once
#include <atomic>
#include <memory>

#include "net/byte_buffer.h"
#include "net/io_pool.h"
#include "net/message.h"

namespace hydrant::net {

class ReplyTaker {
 public:
  virtual ~ReplyTaker() = default;
  virtual void take(Reply reply) = 0;
};

// A connection has one and uses it for all its requests. A handler that answers later shares it, so
// that the views of the request outlive a connection that is closed meanwhile.
struct Exchange {
  static constexpr std::size_t kHeadBytes = 8 * 1024;

  ByteBuffer head{kHeadBytes};  // the header, a body that fits behind it, and pipelined requests
  ByteBuffer body;              // a body that does not fit
  Request request;
  ReplyTaker* taker = nullptr;  // the connection while it lives; of its thread
};

// The promise of one later reply. Thread-safe. Dropped without a reply it answers 500, for a client
// should not wait for ever for a handler's mistake.
class Deferral {
 public:
  Deferral(std::shared_ptr<Exchange> exchange, std::shared_ptr<Mailbox> mailbox)
      : exchange_(std::move(exchange)), mailbox_(std::move(mailbox)) {}
  ~Deferral();
  Deferral(const Deferral&) = delete;
  Deferral& operator=(const Deferral&) = delete;

  void give(Reply reply);  // calls after the first do nothing

 private:
  const std::shared_ptr<Exchange> exchange_;
  const std::shared_ptr<Mailbox> mailbox_;
  std::atomic<bool> given_{false};
};

}  // namespace hydrant::net
