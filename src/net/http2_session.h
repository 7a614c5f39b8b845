// Http2Session: one connection that speaks HTTP/2, with libnghttp2 for the frames, the header
// compression and the state of streams. What is left to this class: the bytes, the memory, the time
// and the peers that misbehave.
//
// One coroutine reads. Writing never waits: what the socket does not take goes on when it can, from
// a callback, and no more is made until then. So a peer that takes nothing holds up only itself.
#pragma once
#include <nghttp2/nghttp2.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/byte_buffer.h"
#include "net/channel.h"
#include "net/http2_limits.h"
#include "net/http2_stream.h"
#include "net/io_pool.h"
#include "net/service.h"

namespace hydrant::net {

class Http2Session final : public Session, public Http2Stream::Owner {
 public:
  // `first`: what has been read already.
  Http2Session(const Service& service, IoThread& io, Channel channel, std::string_view first);
  ~Http2Session() override;

  // Ends when the connection has; call once, on the thread of `io`.
  Task<> run();

  void sweep(SteadyTime now) override;
  void drain() override;
  void close() override;
  void reply_is_here(Http2Stream& stream) override;

 private:
  friend struct Http2Callbacks;
  struct SessionFree {
    void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
  };

  void submit_settings();
  void take_bytes();
  void end_with(std::uint32_t error_code);
  bool is_over() const;
  void linger();

  // What libnghttp2 tells.
  void on_begin_frame(const nghttp2_frame_hd& header);
  void on_begin_headers(const nghttp2_frame& frame);
  void on_header(const nghttp2_frame& frame, std::string_view name, std::string_view value);
  void on_frame(const nghttp2_frame& frame);
  void on_data(std::int32_t stream_id, std::string_view bytes);
  void on_stream_close(std::int32_t stream_id);
  void on_frame_sent(const nghttp2_frame& frame);
  // Length, NGHTTP2_ERR_DEFERRED or NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.
  ssize_t on_pull(Http2Stream& stream, std::size_t bytes_max, std::uint32_t& flags);
  int on_send_data(Http2Stream& stream, const std::uint8_t* frame_header, std::size_t bytes);

  Http2Stream* find(std::int32_t stream_id);
  void header_is_here(Http2Stream& stream, bool ends);
  void request_is_here(Http2Stream& stream);
  void refuse(Http2Stream& stream, int status);
  void answer(Http2Stream& stream);
  void start_body(Http2Stream& stream);
  void limit_standstill(Http2Stream& stream);

  // The peer's window for a stream: given back while memory allows.
  void give_back(Http2Stream& stream);
  void give_back_all();
  bool has_room_for(const Http2Stream& stream) const;
  void release(Http2Stream& stream);

  void flush();
  void fill();
  void flush_later();

  const Service& service_;
  IoThread& io_;
  Channel channel_;
  IoThread::Place place_;
  // For callbacks that may come when the session has gone; of its thread.
  const std::shared_ptr<Http2Session*> self_ = std::make_shared<Http2Session*>(this);

  ByteBuffer in_;
  std::string out_;
  std::size_t out_sent_ = 0;
  bool waits_to_write_ = false;

  std::map<std::int32_t, std::unique_ptr<Http2Stream>> streams_;  // by age
  std::size_t receiving_bytes_ = 0;                               // of bodies that are not complete
  std::size_t serving_bytes_ = 0;                                 // of those that a handler has

  Http2Limits limits_;
  SteadyTime swept_;
  std::optional<SteadyTime> deadline_;         // of an idle connection, a header, or lingering
  std::optional<SteadyTime> header_deadline_;  // while a header comes in
  std::optional<SteadyTime> write_deadline_;   // while the socket takes nothing
  bool lingering_ = false;
  bool closed_ = false;
  // Last, so that no callback comes when the rest is gone.
  std::unique_ptr<nghttp2_session, SessionFree> session_;
};

}  // namespace hydrant::net
