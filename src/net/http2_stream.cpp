#include "net/http2_stream.h"

#include <charconv>
#include <exception>

#include "net/reply_head.h"

namespace hydrant::net {
namespace {

constexpr std::size_t kHeaderOverhead = 32;           // what RFC 9113, 6.5.2 counts for each
constexpr std::size_t kKeptChunkBytes = 64 * 1024;    // a waiting stream keeps no more memory
constexpr std::size_t kLargeBodyBytes = 16 * 1024;    // worth the memory of an earlier one
constexpr std::size_t kFirstBodyBytes = 1024 * 1024;  // promised bytes that get memory at once

}  // namespace

Http2Stream::Http2Stream(std::int32_t id, Owner& owner, IoThread& io)
    : id_(id), owner_(owner), io_(io) {
  exchange_->taker = this;
}

Http2Stream::~Http2Stream() {
  exchange_->taker = nullptr;
  io_.give(std::move(reply_));
}

// Copied, because a handler may keep the views beyond the stream. The bytes may move until all are
// here, so the views are made at the end.
void Http2Stream::add_header(std::string_view name, std::string_view value,
                             std::size_t header_bytes_max) {
  auto& head = exchange_->head;
  const std::size_t cost = (pieces_.size() + 1) * kHeaderOverhead;
  if (head.size() + name.size() + value.size() + cost > header_bytes_max)
    header_is_too_large_ = true;
  if (header_is_too_large_) return;
  head.append(name);
  head.append(value);
  pieces_.push_back({name.size(), value.size()});
}

// The request reads like one of HTTP/1: :authority is Host.
void Http2Stream::end_header() {
  phase_ = Phase::body;
  auto& request = exchange_->request;
  request.headers.reserve(pieces_.size());
  const char* at = exchange_->head.data();
  std::string_view authority;
  for (const auto& piece : pieces_) {
    const std::string_view name(at, piece.name_bytes);
    const std::string_view value(at + piece.name_bytes, piece.value_bytes);
    at += piece.name_bytes + piece.value_bytes;
    if (name == ":method") {
      request.method = value;
    } else if (name == ":path") {
      request.target = value;
    } else if (name == ":authority") {
      authority = value;
      request.headers.insert(request.headers.begin(), Header{"host", value});
    } else if (!name.starts_with(':') && (name != "host" || authority.empty())) {
      request.headers.push_back({name, value});
    }
  }
  if (request.target.empty()) request.target = authority;  // CONNECT
  const auto first_bytes = std::min<std::uint64_t>(content_length(), kFirstBodyBytes);
  if (first_bytes >= kLargeBodyBytes) exchange_->body = io_.request_bodies().take();
  exchange_->body.reserve(first_bytes + 1);
}

std::uint64_t Http2Stream::content_length() const {
  const auto text = request().header("content-length");
  std::uint64_t length = 0;
  std::from_chars(text.data(), text.data() + text.size(), length);
  return length;
}

bool Http2Stream::expects_continue() const {
  return equals_ignoring_case(request().header("expect"), "100-continue");
}

bool Http2Stream::serve(Handler& handler, Logger& logger) {
  phase_ = Phase::serving;
  deadline.reset();
  auto& request = exchange_->request;
  request.body = exchange_->body.view();
  Reply reply;
  try {
    reply = handler.serve(request, *this);
    if (deferred_) return false;
  } catch (const std::exception& error) {
    logger.error("the handler of {} {} failed: {}", request.method, request.target, error.what());
    reply = refusal(500);
  }
  begin_reply(std::move(reply));
  return true;
}

Later::Give Http2Stream::defer() {
  auto deferral = deferral_.lock();
  if (!deferred_) {
    deferral = std::make_shared<Deferral>(exchange_, io_.mailbox());
    deferral_ = deferral;
    deferred_ = true;
  }
  if (!deferral) return [](const Reply&) {};  // asked twice, the first promise already dropped
  return [deferral](Reply reply) { deferral->give(std::move(reply)); };
}

// Not if the handler failed behind its promise.
void Http2Stream::take(Reply reply) {
  if (phase_ != Phase::serving) return;
  begin_reply(std::move(reply));
  owner_.reply_is_here(*this);
}

void Http2Stream::begin_reply(Reply reply) {
  phase_ = Phase::replying;
  io_.request_bodies().give(std::move(exchange_->body));
  exchange_->request.body = {};
  reply_ = std::move(reply);
  if (!reply_.stream) unsent_ = reply_.body;
}

std::string_view Http2Stream::pull(bool ending) {
  if (!reply_.stream) {
    has_ended_ = true;
    return unsent_;
  }
  while (unsent_.empty() && !has_ended_) {
    chunk_.clear();
    const auto next = reply_.stream->read(chunk_);
    unsent_ = chunk_;
    has_ended_ = ending || next == BodyStream::Next::end;
    if (next == BodyStream::Next::wait) break;
  }
  if (unsent_.empty() && chunk_.capacity() > kKeptChunkBytes) std::string().swap(chunk_);
  return unsent_;
}

}  // namespace hydrant::net
