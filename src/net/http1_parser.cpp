#include "net/http1_parser.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace hydrant::net {
namespace http = boost::beast::http;
using boost::beast::error_code;

namespace {

std::string_view standard(boost::beast::string_view text) { return {text.data(), text.size()}; }

// Calls back with views into the bytes it is given, except for a folded value: that one is on its
// stack, and refused (RFC 9112, 5.2 allows it).
class Events final : public http::basic_parser<true> {
 public:
  explicit Events(Request& request) : request_(request) {}

  std::string_view input;  // of the call under way
  ByteBuffer* body = nullptr;
  std::size_t body_bytes_max = 0;
  bool expects_continue = false;
  bool is_http_1_0 = false;

 private:
  void on_request_impl(http::verb, boost::beast::string_view method,
                       boost::beast::string_view target, int version, error_code&) override {
    request_.method = standard(method);
    request_.target = standard(target);
    is_http_1_0 = version == 10;
  }

  void on_field_impl(http::field field, boost::beast::string_view name,
                     boost::beast::string_view value, error_code& error) override {
    if (is_header_done()) return;  // a trailer
    const Header header{standard(name), value.empty() ? std::string_view("") : standard(value)};
    const char* const at = header.value.data();
    if (!value.empty() && (at < input.data() || at >= input.data() + input.size())) {
      error = http::error::bad_obs_fold;
    } else if (field == http::field::transfer_encoding) {
      // Any other coding, or one that HTTP/1.0 does not have, is read differently by different
      // servers: the way requests are smuggled past a proxy.
      if (is_http_1_0 || !equals_ignoring_case(header.value, "chunked"))
        error = http::error::bad_transfer_encoding;
    } else if (field == http::field::expect) {
      expects_continue = equals_ignoring_case(header.value, "100-continue");
    }
    request_.headers.push_back(header);
  }

  std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view bytes,
                                 error_code& error) override {
    if (bytes.size() > body_bytes_max - body->size()) {
      error = http::error::body_limit;
      return 0;
    }
    body->append(standard(bytes));
    return bytes.size();
  }

  void on_chunk_header_impl(std::uint64_t size, boost::beast::string_view,
                            error_code& error) override {
    if (size > body_bytes_max - body->size()) error = http::error::body_limit;
  }

  void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(boost::beast::string_view, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}

  Request& request_;
};

}  // namespace

class Http1Parser::Impl {
 public:
  Impl(Request& request, std::size_t header_bytes_max)
      : request_(request), header_bytes_max_(header_bytes_max) {
    restart();
  }

  void restart() {
    request_.headers.clear();
    request_.method = request_.target = request_.body = {};
    events_.emplace(request_);
    events_->header_limit(static_cast<std::uint32_t>(header_bytes_max_));
    events_->body_limit(boost::none);  // the session's, so that it can answer before it reads
    header_bytes_ = 0;
  }

  Outcome parse_header(std::string_view bytes, std::size_t& consumed) {
    consumed = 0;
    while (!events_->got_some() && bytes.starts_with("\r\n")) {  // RFC 9112, 2.2
      bytes.remove_prefix(2);
      consumed += 2;
    }
    events_->input = bytes;
    error_code error;
    const auto taken = events_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    consumed += taken;
    header_bytes_ += consumed;
    if (error == http::error::header_limit || header_bytes_ > header_bytes_max_)
      return Outcome::too_large;
    if (error == http::error::need_more || (!error && !events_->is_header_done()))
      return header_bytes_ + bytes.size() - taken < header_bytes_max_ ? Outcome::need_more
                                                                      : Outcome::too_large;
    return error ? Outcome::bad : Outcome::done;
  }

  Outcome parse_chunks(std::string_view bytes, std::size_t& consumed, ByteBuffer& body,
                       std::size_t body_bytes_max) {
    events_->body = &body;
    events_->body_bytes_max = body_bytes_max;
    consumed = 0;
    while (!events_->is_done()) {
      const auto rest = bytes.substr(consumed);
      if (rest.empty()) return Outcome::need_more;
      error_code error;
      consumed += events_->put(boost::asio::const_buffer(rest.data(), rest.size()), error);
      if (error == http::error::need_more) return Outcome::need_more;
      if (error == http::error::body_limit) return Outcome::too_large;
      if (error) return Outcome::bad;
    }
    return Outcome::done;
  }

  const Events& events() const { return *events_; }

 private:
  Request& request_;
  const std::size_t header_bytes_max_;
  std::size_t header_bytes_ = 0;
  std::optional<Events> events_;
};

Http1Parser::Http1Parser(Request& request, std::size_t header_bytes_max)
    : impl_(std::make_unique<Impl>(request, header_bytes_max)) {}
Http1Parser::~Http1Parser() = default;

void Http1Parser::restart() { impl_->restart(); }

Http1Parser::Outcome Http1Parser::parse_header(std::string_view bytes, std::size_t& consumed) {
  return impl_->parse_header(bytes, consumed);
}

Http1Parser::Outcome Http1Parser::parse_chunks(std::string_view bytes, std::size_t& consumed,
                                               ByteBuffer& body, std::size_t body_bytes_max) {
  return impl_->parse_chunks(bytes, consumed, body, body_bytes_max);
}

std::uint64_t Http1Parser::content_length() const {
  return impl_->events().content_length().value_or(0);
}
bool Http1Parser::chunked() const { return impl_->events().chunked(); }
bool Http1Parser::keep_alive() const { return impl_->events().keep_alive(); }
bool Http1Parser::expects_continue() const { return impl_->events().expects_continue; }
bool Http1Parser::is_http_1_0() const { return impl_->events().is_http_1_0; }

}  // namespace hydrant::net
