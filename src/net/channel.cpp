// GCC 12 compiles two co_await in one statement wrongly: here each statement has one.
#include "net/channel.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "net/openssl.h"

namespace hydrant::net {
namespace {

constexpr std::size_t kRecordBytesMax = 16 * 1024;  // of payload, by the standard

}  // namespace

// OpenSSL on a socket that never blocks. The socket's own BIO would raise SIGPIPE.
class Channel::Tls {
 public:
  enum class Step { done, wants_read, wants_write, failed };

  Tls(SSL_CTX* context, int socket, std::string first)
      : socket_(socket), first_(std::move(first)), ssl_(SSL_new(context)) {
    BIO* const bio = BIO_new(method());
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_accept_state(ssl_.get());
  }

  Step shake_hands() { return step(SSL_do_handshake, ssl_.get()); }

  Step read(char* into, std::size_t bytes_max, std::size_t& bytes) {
    return step(SSL_read_ex, ssl_.get(), into, bytes_max, &bytes);
  }

  // One record at the most.
  Step write(std::string_view from, std::size_t& bytes) {
    return step(SSL_write_ex, ssl_.get(), from.data(), std::min(from.size(), kRecordBytesMax),
                &bytes);
  }

  // Head and body in one record, as far as they fit.
  std::string_view joined(std::string_view first, std::string_view second) {
    if (first.empty()) return second;
    if (second.empty() || first.size() >= kRecordBytesMax) return first;
    record_.assign(first).append(second.substr(0, kRecordBytesMax - first.size()));
    return record_;
  }

  // Tells the peer that nothing was cut off.
  void say_farewell() {
    if (!failed_ && SSL_is_init_finished(ssl_.get()) == 1 &&
        (SSL_get_shutdown(ssl_.get()) & SSL_SENT_SHUTDOWN) == 0)
      SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }

  bool has_unread() const { return SSL_has_pending(ssl_.get()) == 1; }

  std::string_view protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
  }

 private:
  template <class... Args>
  Step step(int (*operation)(Args...), std::type_identity_t<Args>... args) {
    ERR_clear_error();
    const int result = failed_ ? -1 : operation(args...);
    if (result == 1) return Step::done;
    const int error = failed_ ? SSL_ERROR_SSL : SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_WANT_READ) return Step::wants_read;
    if (error == SSL_ERROR_WANT_WRITE) return Step::wants_write;
    failed_ = true;
    ERR_clear_error();
    return Step::failed;
  }

  static int receive(BIO* bio, char* into, int bytes_max) {
    auto& self = *static_cast<Tls*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (!self.first_.empty()) {
      const auto bytes = std::min(self.first_.size(), static_cast<std::size_t>(bytes_max));
      std::memcpy(into, self.first_.data(), bytes);
      self.first_.erase(0, bytes);
      return static_cast<int>(bytes);
    }
    const auto got = ::recv(self.socket_, into, static_cast<std::size_t>(bytes_max), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
    return static_cast<int>(got);
  }

  static int send(BIO* bio, const char* from, int bytes) {
    auto& self = *static_cast<Tls*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const auto sent =
        ::send(self.socket_, from, static_cast<std::size_t>(bytes), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
    return static_cast<int>(sent);
  }

  static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  static const BIO_METHOD* method() {
    static const std::unique_ptr<BIO_METHOD, openssl::Freed<BIO_meth_free>> method = [] {
      BIO_METHOD* const made = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "hydrant socket");
      BIO_meth_set_read(made, receive);
      BIO_meth_set_write(made, send);
      BIO_meth_set_ctrl(made, control);
      return std::unique_ptr<BIO_METHOD, openssl::Freed<BIO_meth_free>>(made);
    }();
    return method.get();
  }

  const int socket_;
  std::string first_;
  std::string record_;
  bool failed_ = false;  // OpenSSL wants no further call
  const openssl::Ssl ssl_;
};

Channel::Channel(Socket socket) : socket_(std::move(socket)) {
  error_code ignored;  // a peer that has gone is found by the first read
  socket_.set_option(Tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
}

Channel::Channel(Channel&& other) noexcept = default;
Channel::~Channel() {
  if (tls_ && socket_.is_open()) tls_->say_farewell();
}

Task<bool> Channel::begin_tls(ssl_ctx_st* context, std::string first) {
  tls_ = std::make_unique<Tls>(context, socket_.native_handle(), std::move(first));
  for (;;) {
    const auto step = tls_->shake_hands();
    if (step == Tls::Step::done) co_return true;
    if (step == Tls::Step::failed) co_return false;
    const auto what = step == Tls::Step::wants_read ? Socket::wait_read : Socket::wait_write;
    const auto [error] = co_await socket_.async_wait(what, kTuple);
    if (error || !socket_.is_open()) co_return false;
  }
}

std::string_view Channel::protocol() const { return tls_ ? tls_->protocol() : ""; }

Task<Channel::Read> Channel::read_some_tls(char* into, std::size_t bytes_max) {
  for (;;) {
    error_code error;
    const std::size_t bytes = read_now(into, bytes_max, error);
    if (error != asio::error::would_block) co_return Read{error, bytes};
    const auto [failure] = co_await socket_.async_wait(Socket::wait_read, kTuple);
    if (failure) co_return Read{failure, 0};
  }
}

std::size_t Channel::read_now(char* into, std::size_t bytes_max, error_code& error) {
  if (!tls_) return socket_.read_some(asio::buffer(into, bytes_max), error);
  error = {};
  std::size_t bytes = 0;
  if (!socket_.is_open()) {
    error = asio::error::bad_descriptor;
  } else {
    const auto step = tls_->read(into, bytes_max, bytes);
    // Renegotiation is off, so reading wants nothing written.
    if (step == Tls::Step::wants_read) error = asio::error::would_block;
    if (step == Tls::Step::failed || step == Tls::Step::wants_write) error = asio::error::eof;
  }
  return error ? 0 : bytes;
}

std::size_t Channel::write_now(std::string_view first, std::string_view second, error_code& error) {
  if (!tls_) {
    if (second.empty()) return socket_.write_some(asio::buffer(first), error);
    const std::array buffers{asio::buffer(first), asio::buffer(second)};
    return socket_.write_some(buffers, error);
  }
  error = {};
  std::size_t written = 0;
  while (!first.empty() || !second.empty()) {
    std::size_t bytes = 0;
    const auto step =
        socket_.is_open() ? tls_->write(tls_->joined(first, second), bytes) : Tls::Step::failed;
    if (step != Tls::Step::done) {
      error = step == Tls::Step::wants_write ? error_code(asio::error::would_block)
                                             : error_code(asio::error::broken_pipe);
      break;
    }
    written += bytes;
    const std::size_t of_first = std::min(bytes, first.size());
    first.remove_prefix(of_first);
    second.remove_prefix(bytes - of_first);
  }
  return written;
}

bool Channel::has_unread() {
  error_code ignored;
  return (tls_ && tls_->has_unread()) || socket_.available(ignored) > 0;
}

void Channel::shutdown_send() {
  if (tls_ && socket_.is_open()) tls_->say_farewell();
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void Channel::close() {
  if (tls_ && socket_.is_open()) tls_->say_farewell();
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace hydrant::net
