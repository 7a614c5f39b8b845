// Asio has no blocking calls with deadlines: each step here is an asynchronous one on a context of
// its own, run until it is done or out of time.
#include "net/http_client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/clock.h"

namespace hydrant::net {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Tcp = asio::ip::tcp;
using SteadyTime = std::chrono::steady_clock::time_point;
using Parser = http::response_parser<http::string_body>;
using Failure = ClientReply::Failure;

constexpr std::uint32_t kHeaderBytesMax = 64 * 1024;

struct Url {
  bool secure = false;
  std::string host;  // without brackets
  std::string port;
  std::string authority;  // as written, for the Host header
  std::string target;
};

std::optional<Url> parse_url(std::string_view text) {
  Url url;
  if (text.starts_with("https://")) {
    url.secure = true;
    text.remove_prefix(8);
  } else if (text.starts_with("http://")) {
    text.remove_prefix(7);
  } else {
    return std::nullopt;
  }
  for (const char c : text)
    if (c <= ' ' || c == 0x7F) return std::nullopt;  // would end the request line

  text = text.substr(0, text.find('#'));
  const auto slash = std::min(text.find_first_of("/?"), text.size());
  url.authority = text.substr(0, slash);
  url.target = text.substr(slash);
  if (!url.target.starts_with('/')) url.target.insert(0, "/");

  std::string_view host = url.authority;
  if (host.find('@') != std::string_view::npos) return std::nullopt;
  const auto bracket = host.find(']');
  const auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  url.port = url.secure ? "443" : "80";
  if (colon != std::string_view::npos) {
    url.port = host.substr(colon + 1);
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  url.host = host;
  const char* const end = url.port.data() + url.port.size();
  std::uint16_t port = 0;
  const auto [stop, error] = std::from_chars(url.port.data(), end, port);
  if (url.host.empty() || error != std::errc() || stop != end || port == 0) return std::nullopt;
  return url;
}

std::string request_head(const ClientRequest& request, const Url& url) {
  std::string head = request.method + " " + url.target + " HTTP/1.1\r\nHost: " + url.authority +
                     "\r\nConnection: close\r\n";
  for (const auto& [name, value] : request.headers) head += name + ": " + value + "\r\n";
  if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD"))
    head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  return head + "\r\n";
}

// One call of send().
class Call {
 public:
  explicit Call(const ClientRequest& request) : request_(request) {}

  ClientReply run() {
    const auto url = parse_url(request_.url);
    if (!url) return failed(Failure::bad_url, "'" + request_.url + "' is not an http(s) URL");
    const auto start = steady_now();
    deadline_ = start + request_.time_max;
    connect_deadline_ = std::min(deadline_, start + request_.connect_time_max);
    if (!connect(*url)) return reply_;
    if (!url->secure) return exchange(socket_, *url);

    asio::ssl::context tls(asio::ssl::context::tls_client);
    asio::ssl::stream<Tcp::socket&> stream(socket_, tls);
    SSL_set_tlsext_host_name(stream.native_handle(), url->host.c_str());
    const auto error = wait(connect_deadline_, [&](auto done) {
      stream.async_handshake(asio::ssl::stream_base::client, done);
    });
    if (error) return not_connected(error);
    return exchange(stream, *url);
  }

 private:
  // Starts an operation and runs it. Out of time, the socket is closed and the operation has ended
  // all the same when this returns: its buffers may go.
  template <class Start>
  error_code wait(SteadyTime deadline, Start start) {
    std::optional<error_code> result;
    start([&result](error_code error, auto&&...) { result = error; });
    context_.restart();
    while (!result && context_.run_one_until(deadline) != 0) continue;
    if (result) return *result;
    error_code ignored;
    resolver_.cancel();
    socket_.close(ignored);
    context_.restart();
    while (!result) context_.run_one();
    return asio::error::timed_out;
  }

  // A name that the system's resolver is slow to look up can outlast the deadline: it has no way to
  // be stopped.
  bool connect(const Url& url) {
    Tcp::resolver::results_type endpoints;
    auto error = wait(connect_deadline_, [&](auto done) {
      resolver_.async_resolve(url.host, url.port,
                              [&endpoints, done](error_code why, const auto& found) mutable {
                                endpoints = found;
                                done(why);
                              });
    });
    if (!error) {
      error = wait(connect_deadline_,
                   [&](auto done) { asio::async_connect(socket_, endpoints, done); });
    }
    if (error) not_connected(error);
    return !error;
  }

  // A server may answer before it has read all (413) and close: a failed write is no failure if
  // there is a reply.
  template <class Stream>
  ClientReply exchange(Stream& stream, const Url& url) {
    const std::string head = request_head(request_, url);
    const std::array buffers{asio::buffer(head), asio::buffer(request_.body)};
    const auto written =
        wait(deadline_, [&](auto done) { asio::async_write(stream, buffers, done); });
    if (written == asio::error::timed_out) return out_of_time();

    boost::beast::flat_buffer buffer;
    for (;;) {
      Parser parser;
      parser.header_limit(kHeaderBytesMax);
      parser.body_limit(request_.body_bytes_max);
      parser.skip(request_.method == "HEAD");
      const auto error =
          wait(deadline_, [&](auto done) { http::async_read(stream, buffer, parser, done); });
      if (error == asio::error::timed_out) return out_of_time();
      if (error == http::error::body_limit || error == http::error::header_limit)
        return failed(Failure::too_large, "the reply of " + request_.url + " is too large");
      // Many servers end TLS without saying goodbye; what is complete without it is a reply.
      const bool cut_short = error == asio::ssl::error::stream_truncated && parser.need_eof();
      if (error && !cut_short) return failed(Failure::protocol, no_reply(written, error));
      if (parser.get().result_int() / 100 != 1) return answered(parser);
    }
  }

  ClientReply answered(Parser& parser) {
    reply_.status = static_cast<int>(parser.get().result_int());
    for (const auto& field : parser.get()) {
      std::string name(field.name_string());
      for (char& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
      reply_.headers.emplace(std::move(name), std::string(field.value()));
    }
    reply_.body = std::move(parser.get().body());
    return std::move(reply_);
  }

  std::string no_reply(error_code written, error_code read) const {
    return "no reply from " + request_.url + ": " + (written ? written : read).message();
  }

  const ClientReply& not_connected(error_code error) {
    const bool late = error == asio::error::timed_out && connect_deadline_ == deadline_;
    return late ? out_of_time()
                : failed(Failure::connect,
                         "cannot connect to " + request_.url + ": " + error.message());
  }

  const ClientReply& out_of_time() {
    return failed(Failure::timeout, "no reply from " + request_.url + " within " +
                                        std::to_string(request_.time_max.count()) + " ms");
  }

  const ClientReply& failed(Failure failure, std::string text) {
    reply_.failure = failure;
    reply_.failure_text = std::move(text);
    return reply_;
  }

  const ClientRequest& request_;
  ClientReply reply_;
  SteadyTime deadline_;
  SteadyTime connect_deadline_;
  asio::io_context context_{1};
  Tcp::resolver resolver_{context_};
  Tcp::socket socket_{context_};
};

}  // namespace

bool is_url(std::string_view text) { return parse_url(text).has_value(); }

ClientReply HttpClient::send(const ClientRequest& request) const { return Call(request).run(); }

}  // namespace hydrant::net
