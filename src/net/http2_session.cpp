// GCC 12 compiles two co_await in one statement wrongly: here each statement has one.
#include "net/http2_session.h"

#include <array>
#include <boost/asio/post.hpp>
#include <exception>
#include <new>

#include "net/http2_headers.h"
#include "net/reply_head.h"

namespace hydrant::net {
namespace {

constexpr std::size_t kInBytes = 64 * 1024;
constexpr std::size_t kOutBytes = 64 * 1024;     // made before the socket is asked to take it
constexpr std::size_t kTurnBytes = 1024 * 1024;  // written before others on the thread have theirs
constexpr std::size_t kUnsentFramesMax = 1'000;  // beyond this many answers nothing more is read

constexpr std::uint32_t kStreamsMax = 250;
constexpr std::int32_t kStreamWindow = 1024 * 1024;
constexpr std::int32_t kConnectionWindow = 16 * 1024 * 1024;
// Of request bodies. Beyond it a stream gets no more than its first window, except for the oldest:
// so the bodies come in one after the other, and none waits for another for ever.
constexpr std::size_t kBufferedBytesMax = 64 * 1024 * 1024;

std::string_view view(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

// The others are sent for reasons of ours: done, out of time, too many at once, a bug.
bool is_of_the_peers_making(std::uint32_t error_code) {
  return error_code != NGHTTP2_NO_ERROR && error_code != NGHTTP2_CANCEL &&
         error_code != NGHTTP2_REFUSED_STREAM && error_code != NGHTTP2_INTERNAL_ERROR;
}

}  // namespace

// libnghttp2 calls C functions; what they throw must not pass through it.
struct Http2Callbacks {
  static Http2Session& session(void* user_data) { return *static_cast<Http2Session*>(user_data); }

  template <class Function>
  static int guarded(void* user_data, Function&& function) {
    try {
      function(session(user_data));
      return 0;
    } catch (const std::exception& error) {
      session(user_data).service_.logger->error("a connection failed: {}", error.what());
      return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
  }

  static int begin_frame(nghttp2_session*, const nghttp2_frame_hd* header, void* user) {
    return guarded(user, [&](Http2Session& self) { self.on_begin_frame(*header); });
  }
  static int begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    return guarded(user, [&](Http2Session& self) { self.on_begin_headers(*frame); });
  }
  static int header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                    std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                    std::uint8_t, void* user) {
    return guarded(user, [&](Http2Session& self) {
      self.on_header(*frame, view(name, name_size), view(value, value_size));
    });
  }
  static int frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    return guarded(user, [&](Http2Session& self) { self.on_frame(*frame); });
  }
  static int data(nghttp2_session*, std::uint8_t, std::int32_t stream_id, const std::uint8_t* bytes,
                  std::size_t size, void* user) {
    return guarded(user, [&](Http2Session& self) { self.on_data(stream_id, view(bytes, size)); });
  }
  static int stream_close(nghttp2_session*, std::int32_t stream_id, std::uint32_t, void* user) {
    return guarded(user, [&](Http2Session& self) { self.on_stream_close(stream_id); });
  }
  static int frame_sent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    return guarded(user, [&](Http2Session& self) { self.on_frame_sent(*frame); });
  }
  static ssize_t pull(nghttp2_session*, std::int32_t, std::uint8_t*, std::size_t bytes_max,
                      std::uint32_t* flags, nghttp2_data_source* source, void* user) {
    return session(user).on_pull(*static_cast<Http2Stream*>(source->ptr), bytes_max, *flags);
  }
  static int send_data(nghttp2_session*, nghttp2_frame*, const std::uint8_t* frame_header,
                       std::size_t bytes, nghttp2_data_source* source, void* user) {
    int result = 0;
    const int failed = guarded(user, [&](Http2Session& self) {
      auto& stream = *static_cast<Http2Stream*>(source->ptr);
      result = self.on_send_data(stream, frame_header, bytes);
    });
    return failed != 0 ? failed : result;
  }

  static nghttp2_session* make(Http2Session& owner) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_option* option = nullptr;
    nghttp2_session* made = nullptr;
    if (nghttp2_session_callbacks_new(&callbacks) != 0 || nghttp2_option_new(&option) != 0)
      throw std::bad_alloc();
    nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, begin_frame);
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, stream_close);
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, frame_sent);
    nghttp2_session_callbacks_set_send_data_callback(callbacks, send_data);
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_option_set_no_closed_streams(option, 1);
    const int result = nghttp2_session_server_new2(&made, callbacks, &owner, option);
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    if (result != 0) throw std::bad_alloc();
    return made;
  }
};

Http2Session::Http2Session(const Service& service, IoThread& io, Channel channel,
                           std::string_view first)
    : service_(service),
      io_(io),
      channel_(std::move(channel)),
      place_(io.add(*this)),
      in_(kInBytes),
      swept_(io.now()),
      session_(Http2Callbacks::make(*this)) {
  in_.append(first);
  deadline_ = io_.deadline_in(service_.settings.header_time_max);
}

Http2Session::~Http2Session() {
  *self_ = nullptr;
  io_.remove(place_);
}

Task<> Http2Session::run() {
  submit_settings();
  if (io_.draining()) drain();
  take_bytes();
  while (!closed_) {
    // Answers that the peer does not take would pile up.
    if (nghttp2_session_get_outbound_queue_size(session_.get()) > kUnsentFramesMax) {
      const auto [error] = co_await channel_.wait_writable();
      if (error) co_return;
      flush();
      continue;
    }
    const auto [error, bytes] = co_await channel_.read_some(in_.data(), in_.capacity());
    if (error || closed_) co_return;
    if (lingering_) continue;
    in_.commit(bytes);
    take_bytes();
  }
}

void Http2Session::submit_settings() {
  const std::array<nghttp2_settings_entry, 3> settings = {{
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, kStreamsMax},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE,
       static_cast<std::uint32_t>(service_.settings.header_bytes_max)},
  }};
  nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  nghttp2_session_set_local_window_size(session_.get(), NGHTTP2_FLAG_NONE, 0, kConnectionWindow);
}

void Http2Session::take_bytes() {
  const auto bytes = in_.view();
  const auto taken = nghttp2_session_mem_recv(
      session_.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  in_.clear();
  if (taken == NGHTTP2_ERR_FLOODED) {
    end_with(NGHTTP2_ENHANCE_YOUR_CALM);
  } else if (taken < 0) {
    const bool internal = taken == NGHTTP2_ERR_NOMEM || taken == NGHTTP2_ERR_CALLBACK_FAILURE;
    end_with(internal ? NGHTTP2_INTERNAL_ERROR : NGHTTP2_PROTOCOL_ERROR);
  }
  flush();
}

void Http2Session::end_with(std::uint32_t error_code) {
  if (error_code != NGHTTP2_NO_ERROR)
    service_.logger->debug("ended an HTTP/2 connection with {}",
                           nghttp2_http2_strerror(error_code));
  nghttp2_session_terminate_session(session_.get(), error_code);
}

// Everything was said, and nothing more is to be heard.
bool Http2Session::is_over() const {
  return nghttp2_session_want_read(session_.get()) == 0 &&
         nghttp2_session_want_write(session_.get()) == 0;
}

void Http2Session::on_begin_frame(const nghttp2_frame_hd& header) {
  if (header.type != NGHTTP2_CONTINUATION) header_deadline_.reset();
  if (!limits_.take_frame(header.type)) end_with(NGHTTP2_ENHANCE_YOUR_CALM);
}

void Http2Session::on_begin_headers(const nghttp2_frame& frame) {
  header_deadline_ = io_.deadline_in(service_.settings.header_time_max, kRequestEndTimeMax);
  if (frame.headers.cat != NGHTTP2_HCAT_REQUEST) return;
  const auto id = frame.hd.stream_id;
  streams_[id] = std::make_unique<Http2Stream>(id, *this, io_);
}

Http2Stream* Http2Session::find(std::int32_t stream_id) {
  const auto found = streams_.find(stream_id);
  return found == streams_.end() ? nullptr : found->second.get();
}

// A trailer says nothing that anybody here asks for.
void Http2Session::on_header(const nghttp2_frame& frame, std::string_view name,
                             std::string_view value) {
  if (frame.headers.cat != NGHTTP2_HCAT_REQUEST) return;
  if (auto* stream = find(frame.hd.stream_id))
    stream->add_header(name, value, service_.settings.header_bytes_max);
}

void Http2Session::on_frame(const nghttp2_frame& frame) {
  const bool ends = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  deadline_.reset();
  if (frame.hd.type == NGHTTP2_DATA && frame.hd.length == frame.data.padlen && !ends &&
      !limits_.take_empty_data())
    end_with(NGHTTP2_ENHANCE_YOUR_CALM);
  if (frame.hd.type == NGHTTP2_HEADERS) header_deadline_.reset();
  if (frame.hd.type != NGHTTP2_HEADERS && frame.hd.type != NGHTTP2_DATA) return;

  auto* stream = find(frame.hd.stream_id);
  if (stream == nullptr) return;
  stream->remote_has_ended = ends;
  if (stream->phase() == Http2Stream::Phase::header) {
    header_is_here(*stream, ends);
  } else if (stream->phase() == Http2Stream::Phase::body && ends) {
    request_is_here(*stream);
  }
}

void Http2Session::header_is_here(Http2Stream& stream, bool ends) {
  stream.end_header();
  if (stream.header_is_too_large()) return refuse(stream, 431);
  if (stream.content_length() > service_.settings.body_bytes_max) return refuse(stream, 413);
  if (ends) return request_is_here(stream);
  stream.deadline = io_.deadline_in(service_.settings.body_time_max, kRequestEndTimeMax);
  if (!stream.expects_continue()) return;
  Reply go_on;
  go_on.status = 100;
  const Http2Headers headers(go_on, io_.date());
  nghttp2_submit_headers(session_.get(), NGHTTP2_FLAG_NONE, stream.id(), nullptr, headers.data(),
                         headers.size(), nullptr);
}

// The connection's window is given back at once: it is the streams' that bound the memory.
void Http2Session::on_data(std::int32_t stream_id, std::string_view bytes) {
  nghttp2_session_consume_connection(session_.get(), bytes.size());
  auto* stream = find(stream_id);
  if (stream == nullptr || stream->phase() != Http2Stream::Phase::body) return;
  if (stream->body_bytes() + bytes.size() > service_.settings.body_bytes_max)
    return refuse(*stream, 413);
  stream->add_body(bytes);
  stream->bytes_receiving += bytes.size();
  receiving_bytes_ += bytes.size();
  stream->window_owed += bytes.size();
  give_back(*stream);
}

bool Http2Session::has_room_for(const Http2Stream& stream) const {
  if (receiving_bytes_ + serving_bytes_ <= kBufferedBytesMax) return true;
  if (serving_bytes_ > kBufferedBytesMax) return false;  // which needs nobody's window to end
  for (const auto& [id, other] : streams_)
    if (other->phase() == Http2Stream::Phase::body) return other.get() == &stream;
  return false;
}

// The time limit of a body that was held up by us begins again.
void Http2Session::give_back(Http2Stream& stream) {
  if (stream.phase() != Http2Stream::Phase::body || !has_room_for(stream)) return;
  if (stream.window_owed >= static_cast<std::size_t>(kStreamWindow))
    stream.deadline = io_.deadline_in(service_.settings.body_time_max, kRequestEndTimeMax);
  nghttp2_session_consume_stream(session_.get(), stream.id(), stream.window_owed);
  stream.window_owed = 0;
}

void Http2Session::give_back_all() {
  for (const auto& [id, stream] : streams_)
    if (stream->window_owed > 0) give_back(*stream);
}

// Its body is on no account any more.
void Http2Session::release(Http2Stream& stream) {
  const bool was_full = receiving_bytes_ + serving_bytes_ > kBufferedBytesMax;
  receiving_bytes_ -= std::exchange(stream.bytes_receiving, 0);
  serving_bytes_ -= std::exchange(stream.bytes_serving, 0);
  stream.window_owed = 0;
  if (was_full) flush_later();
}

void Http2Session::request_is_here(Http2Stream& stream) {
  release(stream);
  stream.bytes_serving = stream.body_bytes();
  serving_bytes_ += stream.bytes_serving;
  if (stream.serve(service_.handler, *service_.logger)) answer(stream);
}

void Http2Session::refuse(Http2Stream& stream, int status) {
  service_.logger->debug("refused a request with {}", status);
  stream.begin_reply(refusal(status));
  answer(stream);
}

void Http2Session::reply_is_here(Http2Stream& stream) {
  answer(stream);
  flush();
}

void Http2Session::answer(Http2Stream& stream) {
  release(stream);
  const Reply& reply = stream.reply();
  const Http2Headers headers(reply, io_.date());
  if (has_no_body(reply.status) || stream.request().method == "HEAD") stream.drop_body();
  const bool bare = !stream.is_streaming() && reply.body.empty();
  nghttp2_data_provider provider{};
  provider.source.ptr = &stream;
  provider.read_callback = Http2Callbacks::pull;
  nghttp2_submit_response(session_.get(), stream.id(), headers.data(), headers.size(),
                          bare ? nullptr : &provider);
  if (stream.is_streaming()) {
    start_body(stream);
  } else {
    stream.deadline = io_.deadline_in(service_.settings.body_time_max);
  }
}

void Http2Session::start_body(Http2Stream& stream) {
  const auto wake = std::make_shared<Wake>(io_.mailbox(), [self = self_, id = stream.id()] {
    if (*self == nullptr) return;
    nghttp2_session_resume_data((*self)->session_.get(), id);
    (*self)->flush();
  });
  stream.start_stream(wake->function());
  limit_standstill(stream);
}

// A reader of a stream may be slow, but not stand still: until the stream is asked for more, which
// it is only while there is window for it, the time runs.
void Http2Session::limit_standstill(Http2Stream& stream) {
  if (!io_.draining()) stream.deadline = io_.deadline_in(service_.settings.body_time_max);
}

// Asked only while there is window for it.
ssize_t Http2Session::on_pull(Http2Stream& stream, std::size_t bytes_max, std::uint32_t& flags) {
  std::string_view bytes;
  try {
    bytes = stream.pull(io_.draining());
  } catch (const std::exception& error) {
    service_.logger->error("a streamed body failed: {}", error.what());
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }
  if (bytes.empty() && !stream.has_ended()) {
    stream.deadline.reset();
    return NGHTTP2_ERR_DEFERRED;
  }
  const std::size_t now = std::min(bytes.size(), bytes_max);
  flags |= NGHTTP2_DATA_FLAG_NO_COPY;
  if (stream.has_ended() && now == bytes.size()) flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(now);
}

int Http2Session::on_send_data(Http2Stream& stream, const std::uint8_t* frame_header,
                               std::size_t bytes) {
  if (out_.size() >= kOutBytes) return NGHTTP2_ERR_WOULDBLOCK;
  constexpr std::size_t kFrameHeaderBytes = 9;
  out_.append(view(frame_header, kFrameHeaderBytes)).append(stream.unsent().substr(0, bytes));
  stream.sent(bytes);
  limits_.data_was_sent();
  if (stream.is_streaming()) limit_standstill(stream);
  return 0;
}

void Http2Session::on_frame_sent(const nghttp2_frame& frame) {
  const bool ends = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  if (frame.hd.type == NGHTTP2_RST_STREAM) {
    header_deadline_.reset();
    if (is_of_the_peers_making(frame.rst_stream.error_code) && !limits_.take_stream_error())
      end_with(NGHTTP2_ENHANCE_YOUR_CALM);
  } else if (ends && (frame.hd.type == NGHTTP2_HEADERS || frame.hd.type == NGHTTP2_DATA)) {
    // A reply may be complete before its request is, such as 413: the rest is not wanted.
    const auto* stream = find(frame.hd.stream_id);
    if (stream != nullptr && !stream->remote_has_ended)
      nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream->id(), NGHTTP2_NO_ERROR);
  }
}

void Http2Session::on_stream_close(std::int32_t stream_id) {
  if (auto* stream = find(stream_id)) release(*stream);
  streams_.erase(stream_id);
}

// What can be sent without waiting is sent; the rest when the socket takes more.
void Http2Session::flush() {
  if (waits_to_write_ || lingering_) return;
  for (std::size_t written = 0; !closed_;) {
    if (out_sent_ == out_.size()) fill();
    if (out_.empty()) break;
    if (written >= kTurnBytes) return flush_later();
    error_code error;
    const auto bytes = channel_.write_now(std::string_view(out_).substr(out_sent_), {}, error);
    if (error && error != asio::error::would_block) return close();
    written += bytes;
    out_sent_ += bytes;
    if (out_sent_ == out_.size()) continue;
    if (bytes > 0 || !write_deadline_)
      write_deadline_ =
          io_.deadline_in(io_.draining() ? kStreamEndTimeMax : service_.settings.body_time_max);
    waits_to_write_ = true;
    channel_.when_writable([self = self_](error_code) {
      if (*self == nullptr) return;
      (*self)->waits_to_write_ = false;
      (*self)->flush();
    });
    return;
  }
  write_deadline_.reset();
  if (closed_) return;
  if (is_over()) return linger();
  if (streams_.empty() && !deadline_) deadline_ = io_.deadline_in(service_.settings.idle_time_max);
}

void Http2Session::fill() {
  out_.clear();
  out_sent_ = 0;
  while (out_.size() < kOutBytes) {
    const std::uint8_t* bytes = nullptr;
    const auto size = nghttp2_session_mem_send(session_.get(), &bytes);
    if (size < 0) return close();
    if (size == 0) return;
    out_.append(view(bytes, static_cast<std::size_t>(size)));
  }
}

// By way of the thread's queue: not from inside of libnghttp2, and others have their turn.
void Http2Session::flush_later() {
  asio::post(io_.context(), [self = self_] {
    if (*self == nullptr) return;
    (*self)->give_back_all();
    (*self)->flush();
  });
}

// Closing while the peer still sends would reset the connection and could take from it what was
// said last.
void Http2Session::linger() {
  if (!channel_.has_unread()) return close();
  lingering_ = true;
  deadline_ = io_.deadline_in(io_.draining() ? kStreamEndTimeMax : kLingerTimeMax);
  channel_.shutdown_send();
}

void Http2Session::sweep(SteadyTime now) {
  limits_.pass_time(std::chrono::duration_cast<std::chrono::milliseconds>(now - swept_));
  swept_ = now;
  const auto is_past = [now](const std::optional<SteadyTime>& deadline) {
    return deadline && now >= *deadline;
  };
  if (is_past(write_deadline_) || (lingering_ && is_past(deadline_))) return close();
  if (is_past(header_deadline_) || (streams_.empty() && is_past(deadline_))) {
    end_with(NGHTTP2_NO_ERROR);
    return flush();
  }
  for (const auto& [id, stream] : streams_) {
    if (!is_past(stream->deadline)) continue;
    // A body for which we gave no window is not late.
    if (stream->phase() == Http2Stream::Phase::body && stream->window_owed > 0) continue;
    nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
  }
  flush();
}

// The streams under way go on, streamed bodies to an end in good order. A request that is not
// complete yet has a moment to become so.
void Http2Session::drain() {
  if (lingering_) return close();
  const auto last = nghttp2_session_get_last_proc_stream_id(session_.get());
  nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE, last, NGHTTP2_NO_ERROR, nullptr, 0);
  if (header_deadline_)
    header_deadline_ = std::min(*header_deadline_, io_.deadline_in(kRequestEndTimeMax));
  for (const auto& [id, stream] : streams_) {
    if (stream->phase() == Http2Stream::Phase::body)
      stream->deadline = io_.deadline_in(kRequestEndTimeMax);
    if (!stream->is_streaming()) continue;
    stream->deadline = io_.deadline_in(kStreamEndTimeMax);
    nghttp2_session_resume_data(session_.get(), id);
  }
  if (write_deadline_) write_deadline_ = io_.deadline_in(kStreamEndTimeMax);
  flush();
}

void Http2Session::close() {
  closed_ = true;
  channel_.close();
}

}  // namespace hydrant::net
