// Http1Parser: the grammar of HTTP/1 requests (RFC 9112), strictly: what two servers could read
// differently is refused. The views of a Request point into the bytes as they were received.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "net/byte_buffer.h"
#include "net/message.h"

namespace hydrant::net {

// Reads line by line; each line is looked at twice, once for its end and once for its meaning.
class Http1Parser {
 public:
  enum class Outcome { need_more, done, bad, too_large };

  // `request` gets the views and outlives the parser's use.
  Http1Parser(Request& request, std::size_t header_bytes_max);

  void restart();  // for the next request

  // Each call is given the bytes that the last one left, and more behind them; `consumed` says how
  // many of them it took. The bytes may move in between if the views of the request are moved too.
  // Not called again after any outcome but need_more.
  Outcome parse_header(std::string_view bytes, std::size_t& consumed);
  // The same for a chunked body, whose payload is appended to `body`. Trailers are dropped.
  Outcome parse_chunks(std::string_view bytes, std::size_t& consumed, ByteBuffer& body,
                       std::size_t body_bytes_max);

  // After the header is done.
  std::uint64_t content_length() const { return length_.value; }  // 0 if there is none
  bool chunked() const { return chunked_; }
  bool keep_alive() const { return is_http_1_0_ ? asks_to_stay_ : !asks_to_close_; }
  bool expects_continue() const { return expects_continue_; }
  bool is_http_1_0() const { return is_http_1_0_; }

 private:
  enum class Part { request_line, fields, chunk_size, chunk_data, chunk_end, trailers };
  struct Length {
    bool given = false;
    std::uint64_t value = 0;
  };

  Outcome parse_head_lines(std::string_view& rest);
  bool parse_request_line(std::string_view line);
  bool parse_field(std::string_view line);
  bool apply(const Header& field);
  bool apply_host(std::string_view value);
  bool apply_length(std::string_view value);
  bool apply_coding(std::string_view value);
  void apply_connection(std::string_view value);
  Outcome parse_chunk_size(std::string_view line, std::size_t bytes_max);
  Outcome parse_chunk_end(std::string_view& rest);
  Outcome parse_trailers(std::string_view& rest);

  Request& request_;
  const std::size_t header_bytes_max_;

  Part part_ = Part::request_line;
  std::size_t header_bytes_ = 0;
  Length length_;
  std::uint64_t chunk_left_ = 0;  // of the payload of the chunk under way
  std::size_t trailer_bytes_ = 0;
  bool chunked_ = false;
  bool asks_to_close_ = false;
  bool asks_to_stay_ = false;
  bool expects_continue_ = false;
  bool is_http_1_0_ = false;
  bool has_host_ = false;
};

}  // namespace hydrant::net
