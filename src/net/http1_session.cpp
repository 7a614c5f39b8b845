// GCC 12 compiles two co_await in one statement wrongly (both arms of ?: run, `if (co_await a())
// co_await b();` jumps astray): here each statement has one.
#include "net/http1_session.h"

#include <boost/asio/post.hpp>
#include <charconv>
#include <exception>

#include "net/reply_head.h"

namespace hydrant::net {
namespace {

constexpr std::size_t kChunkRoom = 64 * 1024;         // for the wire form of a chunked body
constexpr std::size_t kFirstBodyBytes = 1024 * 1024;  // promised bytes that get memory at once
constexpr std::size_t kJoinedBytesMax = 1024;         // of a body that is sent with its head
constexpr std::size_t kLingerBytesMax = 64 * 1024 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";

const char* moved(const char* at, const char* from, const char* to) { return to + (at - from); }

void move_view(std::string_view& view, const char* from, const char* to) {
  if (!view.empty()) view = {moved(view.data(), from, to), view.size()};
}

void append_chunk_size(std::string& out, std::size_t size) {
  std::array<char, 18> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
  out.append(digits.data(), end).append("\r\n");
}

// The status that tells why a request was not understood.
int status_of(Http1Parser::Outcome outcome, int too_large) {
  return outcome == Http1Parser::Outcome::too_large ? too_large : 400;
}

}  // namespace

Http1Session::Http1Session(const Service& service, IoThread& io, Channel channel,
                           std::string_view first)
    : service_(service),
      io_(io),
      channel_(std::move(channel)),
      parser_(exchange_->request, service.settings.header_bytes_max),
      place_(io.add(*this)) {
  exchange_->taker = this;
  exchange_->head.append(first);
}

Http1Session::~Http1Session() {
  *self_ = nullptr;
  exchange_->taker = nullptr;
  io_.remove(place_);
}

Task<> Http1Session::run() {
  while (!closed_) {
    begin_request();
    auto outcome = parse_header();
    while (outcome == Http1Parser::Outcome::need_more) {
      make_room();
      await_bytes();
      if (closed_) co_return;
      auto& head = exchange_->head;
      const auto [error, bytes] = co_await channel_.read_some(head.end(), head.room());
      if (error || closed_) co_return;  // closed: not served, so the client may repeat it
      head.commit(bytes);
      outcome = parse_header();
    }
    if (outcome != Http1Parser::Outcome::done) {
      co_await refuse(status_of(outcome, 431));
      co_return;
    }
    const Body body = find_body();
    if (body == Body::refused) {
      co_await refuse(413);
      co_return;
    }
    if (body == Body::missing && !co_await read_body()) co_return;

    serve();
    if (deferred_) co_await wait_for_reply();
    if (closed_) co_return;

    prepare_reply();
    if (reply_.stream) {
      if (!co_await write_stream()) co_return;
    } else {
      if (!write_now()) co_return;
      if (!write_is_done() && !co_await write_rest()) co_return;
    }
    if (close_after_reply_) {
      if (sends_more()) co_await linger();
      co_return;
    }
    end_request();
  }
}

void Http1Session::begin_request() {
  parser_.restart();
  parsed_ = 0;
  phase_ = Phase::idle;
  close_after_reply_ = false;
}

// What is behind the request in the buffer is the next one.
void Http1Session::end_request() {
  auto& head = exchange_->head;
  head.erase(0, parsed_);
  if (head.capacity() > Exchange::kHeadBytes && head.size() <= Exchange::kHeadBytes)
    head.shrink(Exchange::kHeadBytes);
  io_.request_bodies().give(std::move(exchange_->body));
  io_.give(std::move(reply_));
}

void Http1Session::await_bytes() {
  const bool idle = exchange_->head.size() == 0;
  if (idle) {
    if (io_.draining()) close();
    phase_ = Phase::idle;
    deadline_ = io_.deadline_in(service_.settings.idle_time_max);
  } else if (phase_ != Phase::reading) {
    phase_ = Phase::reading;
    deadline_ = io_.deadline_in(service_.settings.header_time_max, kRequestEndTimeMax);
  }
}

Http1Parser::Outcome Http1Session::parse_header() {
  std::size_t consumed = 0;
  const auto outcome = parser_.parse_header(exchange_->head.view(parsed_), consumed);
  parsed_ += consumed;
  return outcome;
}

// The parser refuses a header that is too large, so this ends.
void Http1Session::make_room() {
  auto& head = exchange_->head;
  if (head.room() == 0) move_head(head.capacity() * 2);
}

// The request may have views into the head already.
void Http1Session::move_head(std::size_t capacity) {
  auto& [head, body, request, taker] = *exchange_;
  const char* const from = head.data();
  head.reserve(capacity);
  const char* const to = head.data();
  move_view(request.method, from, to);
  move_view(request.target, from, to);
  for (auto& header : request.headers) {
    move_view(header.name, from, to);
    move_view(header.value, from, to);
  }
}

Http1Session::Body Http1Session::find_body() {
  if (parser_.chunked()) return Body::missing;
  const auto length = parser_.content_length();
  if (length > service_.settings.body_bytes_max) return Body::refused;

  auto& head = exchange_->head;
  const auto here = std::min<std::size_t>(length, head.size() - parsed_);
  exchange_->request.body = {head.data() + parsed_, here};
  body_missing_ = length - here;
  parsed_ += here;
  return body_missing_ == 0 ? Body::here : Body::missing;
}

void Http1Session::begin_body() {
  phase_ = Phase::reading;
  deadline_ = io_.deadline_in(service_.settings.body_time_max, kRequestEndTimeMax);
}

Task<bool> Http1Session::read_body() {
  begin_body();
  const bool started = exchange_->head.size() > parsed_ || !exchange_->request.body.empty();
  if (parser_.expects_continue() && !parser_.is_http_1_0() && !started) {
    unwritten_ = {kContinue, {}};
    if (!co_await write_rest()) co_return false;
    begin_body();
  }
  if (parser_.chunked()) co_return co_await read_chunked_body();
  co_return co_await read_plain_body();
}

// A body that fits stays behind its header; a larger one is read straight to where it will be.
// Memory grows with what has come, not with what was promised, beyond the first megabyte.
Task<bool> Http1Session::read_plain_body() {
  auto& [head, body, request, taker] = *exchange_;
  if (body_missing_ <= head.room()) {
    const char* const start = request.body.data();
    const std::size_t wanted = request.body.size() + body_missing_;
    while (body_missing_ > 0) {
      const std::size_t before = head.size();
      if (!co_await read_more(head, head.room())) co_return false;
      const std::size_t read = std::min(head.size() - before, body_missing_);
      body_missing_ -= read;
      parsed_ += read;
    }
    request.body = {start, wanted};
    co_return true;
  }

  body = io_.request_bodies().take();
  body.reserve(std::min(request.body.size() + body_missing_, kFirstBodyBytes));
  body.append(request.body);
  while (body_missing_ > 0) {
    if (body.room() == 0) body.reserve(std::min(body.capacity() * 2, body.size() + body_missing_));
    const std::size_t before = body.size();
    if (!co_await read_more(body, std::min(body.room(), body_missing_))) co_return false;
    body_missing_ -= body.size() - before;
  }
  request.body = body.view();
  co_return true;
}

// The wire form passes through the room behind the header, the payload goes to the body.
Task<bool> Http1Session::read_chunked_body() {
  auto& [head, body, request, taker] = *exchange_;
  const std::size_t start = parsed_;
  body = io_.request_bodies().take();
  move_head(start + kChunkRoom);
  for (;;) {
    std::size_t consumed = 0;
    auto outcome =
        parser_.parse_chunks(head.view(start), consumed, body, service_.settings.body_bytes_max);
    head.erase(start, start + consumed);
    if (outcome == Http1Parser::Outcome::done) break;
    if (outcome == Http1Parser::Outcome::need_more && head.room() == 0)
      outcome = Http1Parser::Outcome::bad;  // an endless extension or trailer
    if (outcome != Http1Parser::Outcome::need_more) {
      co_await refuse(status_of(outcome, 413));
      co_return false;
    }
    if (!co_await read_more(head, head.room())) co_return false;
  }
  body.reserve(1);  // an empty body has its padding too
  request.body = body.view();
  co_return true;
}

Task<bool> Http1Session::read_more(ByteBuffer& into, std::size_t bytes_max) {
  const auto [error, bytes] = co_await channel_.read_some(into.end(), bytes_max);
  if (error || closed_) co_return false;
  into.commit(bytes);
  co_return true;
}

void Http1Session::serve() {
  phase_ = Phase::serving;
  deadline_.reset();
  deferred_ = reply_is_here_ = false;
  try {
    Reply reply = service_.handler.serve(exchange_->request, *this);
    if (!deferred_) reply_ = std::move(reply);
  } catch (const std::exception& error) {
    service_.logger->error("the handler of {} {} failed: {}", exchange_->request.method,
                           exchange_->request.target, error.what());
    deferred_ = false;
    reply_ = refusal(500);
  }
}

Later::Give Http1Session::defer() {
  auto deferral = deferral_.lock();
  if (!deferred_) {
    deferral = std::make_shared<Deferral>(exchange_, io_.mailbox());
    deferral_ = deferral;
    deferred_ = true;
  }
  if (!deferral) return [](const Reply&) {};  // asked twice, the first promise already dropped
  return [deferral](Reply reply) { deferral->give(std::move(reply)); };
}

// Always comes by the queue of the thread, so never before run() waits for it; not at all if the
// handler failed behind its promise.
void Http1Session::take(Reply reply) {
  if (!deferred_ || reply_is_here_) return;
  reply_ = std::move(reply);
  reply_is_here_ = true;
  if (wait_) wait_->cancel();
}

Task<> Http1Session::wait_for_reply() {
  if (!wait_) wait_.emplace(io_.context(), SteadyTime::max());
  while (!reply_is_here_ && !closed_) co_await wait_->async_wait(kTuple);
}

void Http1Session::prepare_reply() {
  // A refusal closes by itself: the parser may not know what the client wants.
  close_after_reply_ = reply_.close || io_.draining() || !parser_.keep_alive();
  auto word = ConnectionWord::silent;
  if (close_after_reply_) {
    word = ConnectionWord::close;
  } else if (parser_.is_http_1_0()) {
    word = ConnectionWord::keep_alive;
  }
  auto framing = Framing::length;
  if (reply_.stream) framing = parser_.is_http_1_0() ? Framing::until_close : Framing::chunked;
  if (framing == Framing::until_close) {
    close_after_reply_ = true;
    word = ConnectionWord::close;
  }
  write_reply_head(reply_head_, reply_, io_.date(), word, framing);
  const bool bare = has_no_body(reply_.status) || exchange_->request.method == "HEAD";
  if (bare) reply_.stream.reset();
  unwritten_ = {reply_head_, bare || reply_.stream ? std::string_view{} : reply_.body};
  // To copy a few bytes is cheaper than to have the kernel gather them.
  if (unwritten_[1].size() <= kJoinedBytesMax) {
    reply_head_.append(unwritten_[1]);
    unwritten_ = {reply_head_, {}};
  }
}

// Without waiting: the socket's buffer nearly always takes a whole reply. False if the client has
// gone.
bool Http1Session::write_now() {
  phase_ = Phase::writing;
  error_code error;
  const std::size_t written = channel_.write_now(unwritten_[0], unwritten_[1], error);
  const std::size_t first = std::min(written, unwritten_[0].size());
  unwritten_[0].remove_prefix(first);
  unwritten_[1].remove_prefix(written - first);
  return !error || error == asio::error::would_block;
}

Task<bool> Http1Session::write_rest() {
  phase_ = Phase::writing;
  deadline_ = io_.deadline_in(streaming_ && io_.draining() ? kStreamEndTimeMax
                                                           : service_.settings.body_time_max);
  while (!write_is_done()) {
    if (closed_) co_return false;
    const auto [error] = co_await channel_.wait_writable();
    if (error || closed_) co_return false;
    const std::size_t before = unwritten_bytes();
    if (!write_now()) co_return false;
    // A reader of a stream may be slow, but not stand still.
    if (streaming_ && !io_.draining() && unwritten_bytes() < before)
      deadline_ = io_.deadline_in(service_.settings.body_time_max);
  }
  co_return true;
}

// The head goes out at once, with what the stream has by then. While the server stops the stream
// ends behind its first read.
Task<bool> Http1Session::write_stream() {
  const auto stream = std::exchange(reply_.stream, nullptr);
  streaming_ = true;
  if (!wake_) {
    wake_ = std::make_shared<Wake>(io_.mailbox(), [self = self_] {
      if (*self != nullptr) (*self)->woken();
    });
  }
  stream->start(wake_->function());
  watch_peer();
  auto next = BodyStream::Next::more;
  for (bool first = true; !closed_; first = false) {
    woken_ = false;
    next = first || !io_.draining() ? pull(*stream) : end_body();
    if (!write_now()) co_return false;
    if (!write_is_done() && !co_await write_rest()) co_return false;
    if (next == BodyStream::Next::end) break;
    deadline_.reset();
    if (next == BodyStream::Next::wait) {
      if (chunk_.capacity() > kChunkRoom) std::string().swap(chunk_);
      co_await wait_for_wake();
    } else {
      co_await asio::post(io_.context(), kTuple);  // others on this thread have their turn
    }
  }
  streaming_ = false;
  close_after_reply_ = close_after_reply_ || io_.draining();
  co_return !closed_;
}

// What comes next goes behind what is unwritten, which is the head or nothing.
BodyStream::Next Http1Session::pull(BodyStream& stream) {
  const bool chunked = !parser_.is_http_1_0();
  if (write_is_done()) reply_head_.clear();
  chunk_.clear();
  const auto next = stream.read(chunk_);
  if (chunked && !chunk_.empty()) {
    append_chunk_size(reply_head_, chunk_.size());
    chunk_.append("\r\n");
  }
  if (chunked && next == BodyStream::Next::end) chunk_.append(kLastChunk);
  unwritten_ = {reply_head_, chunk_};
  return next;
}

BodyStream::Next Http1Session::end_body() {
  unwritten_ = {parser_.is_http_1_0() ? std::string_view{} : kLastChunk, {}};
  return BodyStream::Next::end;
}

Task<> Http1Session::wait_for_wake() {
  if (!wait_) wait_.emplace(io_.context(), SteadyTime::max());
  while (!woken_ && !io_.draining() && !closed_) co_await wait_->async_wait(kTuple);
}

void Http1Session::woken() {
  woken_ = true;
  if (wait_) wait_->cancel();
}

// A peer that ends its side while it is sent a stream counts as gone: nothing else would tell that
// it is until there is something to write. What it sends meanwhile is its next request.
void Http1Session::watch_peer() {
  auto& head = exchange_->head;
  while (streaming_ && !closed_ && head.room() > 0) {
    error_code error;
    const std::size_t bytes = channel_.read_now(head.end(), head.room(), error);
    if (error == asio::error::would_block) {
      if (std::exchange(watching_, true)) return;
      channel_.when_readable([self = self_](error_code) {
        if (*self == nullptr) return;
        (*self)->watching_ = false;
        (*self)->watch_peer();
      });
      return;
    }
    if (error) return close();
    head.commit(bytes);
  }
}

Task<> Http1Session::refuse(int status) {
  service_.logger->debug("refused a request with {}", status);
  reply_ = refusal(status);
  prepare_reply();
  const bool written = co_await write_rest();
  if (written) co_await linger();
}

bool Http1Session::sends_more() {
  return exchange_->head.size() > parsed_ || channel_.has_unread();
}

// Closing while the client still sends would reset the connection and could take the reply from
// it, so its bytes are read and dropped for a while.
Task<> Http1Session::linger() {
  phase_ = Phase::lingering;
  deadline_ = io_.deadline_in(kLingerTimeMax);
  channel_.shutdown_send();
  ByteBuffer rest(kChunkRoom);  // the request's own bytes may still be in use
  for (std::size_t dropped = 0; dropped < kLingerBytesMax && !closed_; dropped += rest.size()) {
    rest.clear();
    if (!co_await read_more(rest, rest.room())) co_return;
  }
}

void Http1Session::sweep(SteadyTime now) {
  if (deadline_ && now >= *deadline_) close();
}

void Http1Session::drain() {
  if (phase_ == Phase::idle) close();
  if (phase_ == Phase::reading)
    deadline_ = std::min(*deadline_, io_.deadline_in(kRequestEndTimeMax));
  if (!streaming_) return;
  deadline_ = io_.deadline_in(kStreamEndTimeMax);
  woken();
}

void Http1Session::close() {
  closed_ = true;
  channel_.close();
  if (wait_) wait_->cancel();
}

}  // namespace hydrant::net
