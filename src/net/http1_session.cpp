// GCC 12 compiles two co_await in one statement wrongly (both arms of ?: run, `if (co_await a())
// co_await b();` jumps astray): here each statement has one.
#include "net/http1_session.h"

#include <exception>

#include "net/reply_head.h"

namespace hydrant::net {
namespace {

constexpr std::size_t kChunkRoom = 64 * 1024;         // for the wire form of a chunked body
constexpr std::size_t kFirstBodyBytes = 1024 * 1024;  // promised bytes that get memory at once
constexpr std::size_t kLingerBytesMax = 64 * 1024 * 1024;
constexpr std::chrono::milliseconds kLingerTimeMax{5'000};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

const char* moved(const char* at, const char* from, const char* to) { return to + (at - from); }

void move_view(std::string_view& view, const char* from, const char* to) {
  if (!view.empty()) view = {moved(view.data(), from, to), view.size()};
}

// The status that tells why a request was not understood.
int status_of(Http1Parser::Outcome outcome, int too_large) {
  return outcome == Http1Parser::Outcome::too_large ? too_large : 400;
}

}  // namespace

Http1Session::Http1Session(const Service& service, IoThread& io, Socket socket)
    : service_(service),
      io_(io),
      socket_(std::move(socket)),
      parser_(exchange_->request, service.settings.header_bytes_max),
      place_(io.add(*this)) {
  exchange_->taker = this;
  error_code ignored;  // a peer that has gone is found by the first read
  socket_.set_option(Tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
}

Http1Session::~Http1Session() {
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
      const auto [error, bytes] =
          co_await socket_.async_read_some(asio::buffer(head.end(), head.room()), kTuple);
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
    if (!write_now()) co_return;
    if (!write_is_done() && !co_await write_rest()) co_return;
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
  exchange_->body.clear();
}

void Http1Session::await_bytes() {
  const bool idle = exchange_->head.size() == 0;
  if (idle) {
    if (io_.draining()) close();
    phase_ = Phase::idle;
    deadline_ = io_.deadline_in(service_.settings.idle_time_max);
  } else if (phase_ != Phase::reading) {
    phase_ = Phase::reading;
    deadline_ = io_.deadline_in(service_.settings.header_time_max);
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

Task<bool> Http1Session::read_body() {
  phase_ = Phase::reading;
  deadline_ = io_.deadline_in(service_.settings.body_time_max);
  const bool started = exchange_->head.size() > parsed_ || !exchange_->request.body.empty();
  if (parser_.expects_continue() && !parser_.is_http_1_0() && !started) {
    unwritten_ = {kContinue, {}};
    if (!co_await write_rest()) co_return false;
    phase_ = Phase::reading;
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
  const auto [error, bytes] =
      co_await socket_.async_read_some(asio::buffer(into.end(), bytes_max), kTuple);
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
  if (reply_wait_) reply_wait_->cancel();
}

Task<> Http1Session::wait_for_reply() {
  if (!reply_wait_) reply_wait_.emplace(io_.context(), SteadyTime::max());
  while (!reply_is_here_ && !closed_) co_await reply_wait_->async_wait(kTuple);
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
  write_reply_head(reply_head_, reply_, io_.date(), word);
  const bool bare = has_no_body(reply_.status) || exchange_->request.method == "HEAD";
  unwritten_ = {reply_head_, bare ? std::string_view{} : reply_.body};
}

// Without waiting: the socket's buffer nearly always takes a whole reply. False if the client has
// gone.
bool Http1Session::write_now() {
  phase_ = Phase::writing;
  const std::array buffers{asio::buffer(unwritten_[0]), asio::buffer(unwritten_[1])};
  error_code error;
  const std::size_t written = socket_.write_some(buffers, error);
  const std::size_t first = std::min(written, unwritten_[0].size());
  unwritten_[0].remove_prefix(first);
  unwritten_[1].remove_prefix(written - first);
  return !error || error == asio::error::would_block;
}

Task<bool> Http1Session::write_rest() {
  phase_ = Phase::writing;
  deadline_ = io_.deadline_in(service_.settings.body_time_max);
  while (!write_is_done()) {
    if (closed_) co_return false;
    const auto [error] = co_await socket_.async_wait(Socket::wait_write, kTuple);
    if (error || closed_) co_return false;
    if (!write_now()) co_return false;
  }
  co_return true;
}

Task<> Http1Session::refuse(int status) {
  service_.logger->debug("refused a request with {}", status);
  reply_ = refusal(status);
  prepare_reply();
  const bool written = co_await write_rest();
  if (written) co_await linger();
}

bool Http1Session::sends_more() {
  error_code ignored;
  return exchange_->head.size() > parsed_ || socket_.available(ignored) > 0;
}

// Closing while the client still sends would reset the connection and could take the reply from
// it, so its bytes are read and dropped for a while.
Task<> Http1Session::linger() {
  phase_ = Phase::lingering;
  deadline_ = io_.deadline_in(kLingerTimeMax);
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  ByteBuffer rest(kChunkRoom);  // the request's own bytes may still be in use
  for (std::size_t dropped = 0; dropped < kLingerBytesMax && !closed_; dropped += rest.size()) {
    rest.clear();
    if (!co_await read_more(rest, rest.room())) co_return;
  }
}

// A connection that has been idle for a sweep gives up the buffer of its last large body.
void Http1Session::sweep(SteadyTime now) {
  if (phase_ == Phase::idle) exchange_->body.release();
  if (deadline_ && now >= *deadline_) close();
}

void Http1Session::drain() {
  if (phase_ == Phase::idle) close();
}

void Http1Session::close() {
  closed_ = true;
  error_code ignored;
  socket_.close(ignored);
  if (reply_wait_) reply_wait_->cancel();
}

}  // namespace hydrant::net
