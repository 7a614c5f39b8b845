// Http1Session: one connection that speaks HTTP/1, as one coroutine on its thread.
//
// The usual request comes in one read and goes out in one write: the coroutine suspends once, to
// wait for its bytes, and allocates nothing. Everything rarer is a coroutine of its own.
#pragma once
#include <array>
#include <memory>
#include <optional>
#include <string>

#include "net/channel.h"
#include "net/exchange.h"
#include "net/http1_parser.h"
#include "net/io.h"
#include "net/io_pool.h"
#include "net/service.h"
#include "net/wake.h"

namespace hydrant::net {

class Http1Session final : public Session, private Later, private ReplyTaker {
 public:
  // `first`: what has been read already.
  Http1Session(const Service& service, IoThread& io, Channel channel, std::string_view first);
  ~Http1Session() override;

  // Ends when the connection has; call once, on the thread of `io`.
  Task<> run();

  void sweep(SteadyTime now) override;
  void drain() override;
  void close() override;

 private:
  enum class Phase { idle, reading, serving, writing, lingering };
  enum class Body { here, missing, refused };

  void begin_request();
  void end_request();
  void await_bytes();
  Http1Parser::Outcome parse_header();
  void make_room();
  void move_head(std::size_t capacity);
  Body find_body();
  void begin_body();
  Task<bool> read_body();
  Task<bool> read_plain_body();
  Task<bool> read_chunked_body();
  Task<bool> read_more(ByteBuffer& into, std::size_t bytes_max);
  void serve();
  Task<> wait_for_reply();
  bool write_now();
  std::size_t unwritten_bytes() const { return unwritten_[0].size() + unwritten_[1].size(); }
  bool write_is_done() const { return unwritten_bytes() == 0; }
  Task<bool> write_rest();
  Task<bool> write_stream();
  BodyStream::Next pull(BodyStream& stream);
  BodyStream::Next end_body();
  Task<> wait_for_wake();
  void woken();
  void watch_peer();
  Task<> refuse(int status);
  bool sends_more();
  Task<> linger();
  void prepare_reply();

  Give defer() override;
  Reply spare_reply() override { return io_.spare_reply(); }
  void take(Reply reply) override;

  const Service& service_;
  IoThread& io_;
  Channel channel_;
  const std::shared_ptr<Exchange> exchange_ = std::make_shared<Exchange>();
  Http1Parser parser_;
  IoThread::Place place_;

  Phase phase_ = Phase::idle;
  std::optional<SteadyTime> deadline_;
  std::size_t parsed_ = 0;        // of the head: the header and, when it follows, the body
  std::size_t body_missing_ = 0;  // of a body with Content-Length
  bool close_after_reply_ = false;
  bool closed_ = false;

  Reply reply_;
  std::string reply_head_;
  std::array<std::string_view, 2> unwritten_;

  std::weak_ptr<Deferral> deferral_;
  bool deferred_ = false;
  bool reply_is_here_ = false;
  std::optional<Timer> wait_;  // never runs out: cancelled when what was waited for is here

  // Of a streamed body.
  bool streaming_ = false;
  bool woken_ = false;
  bool watching_ = false;  // a callback waits for the socket to become readable
  std::string chunk_;
  std::shared_ptr<Wake> wake_;
  // For callbacks that may come when the session has gone; of its thread.
  const std::shared_ptr<Http1Session*> self_ = std::make_shared<Http1Session*>(this);
};

}  // namespace hydrant::net
