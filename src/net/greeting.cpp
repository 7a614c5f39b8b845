// GCC 12 compiles two co_await in one statement wrongly: here each statement has one.
#include "net/greeting.h"

#include "net/tls_context.h"

namespace hydrant::net {
namespace {

constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr char kTlsHandshake = 0x16;  // the type of the record that a ClientHello comes in

}  // namespace

Greeting::Greeting(const Service& service, IoThread& io, Channel& channel)
    : service_(service), io_(io), channel_(channel), place_(io.add(*this)) {
  deadline_ = io_.deadline_in(service_.settings.idle_time_max);
  if (io_.draining()) close();
}

Greeting::~Greeting() { io_.remove(place_); }

Task<Greeting::Wire> Greeting::run() {
  bool inside_tls = false;
  for (;;) {
    const auto tells = look(inside_tls);
    if (tells == Tells::http1) co_return Wire::http1;
    if (tells == Tells::http2) co_return Wire::http2;
    if (tells == Tells::tls) {
      if (!co_await begin_tls()) co_return Wire::none;
      if (channel_.protocol() == "h2") co_return Wire::http2;
      inside_tls = true;
      deadline_ = io_.deadline_in(service_.settings.idle_time_max);
    }
    if (!co_await read()) co_return Wire::none;
    deadline_ = io_.deadline_in(service_.settings.header_time_max);
  }
}

// What cannot be anything else is HTTP/1, which knows how to refuse it.
Greeting::Tells Greeting::look(bool inside_tls) const {
  if (bytes_.empty()) return Tells::too_short;
  if (bytes_.front() == kTlsHandshake && !inside_tls) return Tells::tls;
  if (bytes_ == kHttp2Preface) return Tells::http2;
  return kHttp2Preface.starts_with(bytes_) ? Tells::too_short : Tells::http1;
}

Task<bool> Greeting::read() {
  char more[kHttp2Preface.size()];
  const auto [error, bytes] =
      co_await channel_.read_some(more, kHttp2Preface.size() - bytes_.size());
  if (error || closed_) co_return false;
  bytes_.append(more, bytes);
  co_return true;
}

Task<bool> Greeting::begin_tls() {
  auto* const context = service_.tls.get();
  if (context == nullptr) co_return false;
  const bool done = co_await channel_.begin_tls(context, std::exchange(bytes_, {}));
  if (!done) service_.logger->debug("a TLS handshake failed");
  co_return done && !closed_;
}

// A deadline that a drip of bytes moves along is still bounded: there are few bytes to drip.
void Greeting::sweep(SteadyTime now) {
  if (now >= *deadline_) close();
}

void Greeting::close() {
  closed_ = true;
  channel_.close();
}

}  // namespace hydrant::net
