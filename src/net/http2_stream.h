// Http2Stream: one request of an HTTP/2 connection, and the reply to it.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/exchange.h"
#include "net/io_pool.h"
#include "net/message.h"
#include "net/wake.h"

namespace hydrant::net {

// Owned by its connection and used on the thread of that.
class Http2Stream final : private Later, private ReplyTaker {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void reply_is_here(Http2Stream& stream) = 0;  // it was given later
  };
  enum class Phase { header, body, serving, replying };

  Http2Stream(std::int32_t id, Owner& owner, IoThread& io);
  ~Http2Stream() override;
  Http2Stream(const Http2Stream&) = delete;
  Http2Stream& operator=(const Http2Stream&) = delete;

  std::int32_t id() const { return id_; }
  Phase phase() const { return phase_; }
  const Request& request() const { return exchange_->request; }

  // The request as it comes in.
  void add_header(std::string_view name, std::string_view value, std::size_t header_bytes_max);
  bool header_is_too_large() const { return header_is_too_large_; }
  void end_header();
  void add_body(std::string_view bytes) { exchange_->body.append(bytes); }
  std::size_t body_bytes() const { return exchange_->body.size(); }
  std::uint64_t content_length() const;  // as promised; 0 if nothing is
  bool expects_continue() const;

  // Calls the handler; true if reply() is here, else the owner is told when it is.
  bool serve(Handler& handler, Logger& logger);

  // The reply as it goes out.
  void begin_reply(Reply reply);
  const Reply& reply() const { return reply_; }
  void drop_body() { reply_.body.clear(), reply_.stream.reset(); }
  void start_stream(std::function<void()> wake) { reply_.stream->start(std::move(wake)); }
  bool is_streaming() const { return reply_.stream != nullptr; }
  // What is to be sent next: asks the streamed body when there is nothing. After it has ended, or
  // while `ending`, there is no more.
  std::string_view pull(bool ending);
  bool has_ended() const { return has_ended_; }
  void sent(std::size_t bytes) { unsent_.remove_prefix(bytes); }
  std::string_view unsent() const { return unsent_; }

  // Of the connection's bookkeeping.
  std::size_t bytes_receiving = 0;     // of the body, while it is not complete
  std::size_t bytes_serving = 0;       // while the handler has it
  std::size_t window_owed = 0;         // bytes that have come and were not given back to the peer
  std::optional<SteadyTime> deadline;  // for the body, or for a reply that its peer does not take
  bool remote_has_ended = false;       // the peer sends no more

 private:
  struct Piece {
    std::size_t name_bytes;
    std::size_t value_bytes;
  };

  Give defer() override;
  Reply spare_reply() override { return io_.spare_reply(); }
  void take(Reply reply) override;

  const std::int32_t id_;
  Owner& owner_;
  IoThread& io_;
  const std::shared_ptr<Exchange> exchange_ = std::make_shared<Exchange>();
  Phase phase_ = Phase::header;
  std::vector<Piece> pieces_;  // of the head, one behind the other
  bool header_is_too_large_ = false;

  std::weak_ptr<Deferral> deferral_;
  bool deferred_ = false;

  Reply reply_;
  std::string chunk_;
  std::string_view unsent_;
  bool has_ended_ = false;
};

}  // namespace hydrant::net
