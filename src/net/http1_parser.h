// Http1Parser: the grammar of HTTP/1 requests. Beast does the parsing; it is used below its message
// types, whose fields cost an allocation each, so that the views of a Request point into the bytes
// as they were received.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "net/byte_buffer.h"
#include "net/message.h"

namespace hydrant::net {

class Http1Parser {
 public:
  enum class Outcome { need_more, done, bad, too_large };

  // `request` gets the views and outlives the parser's use.
  Http1Parser(Request& request, std::size_t header_bytes_max);
  ~Http1Parser();

  void restart();  // for the next request

  // Each call is given the bytes that the last one left, and more behind them; `consumed` says how
  // many of them it took. The bytes may move in between if the views of the request are moved too.
  Outcome parse_header(std::string_view bytes, std::size_t& consumed);
  // The same for a chunked body, whose payload is appended to `body`.
  Outcome parse_chunks(std::string_view bytes, std::size_t& consumed, ByteBuffer& body,
                       std::size_t body_bytes_max);

  // After the header is done.
  std::uint64_t content_length() const;  // 0 if there is none
  bool chunked() const;
  bool keep_alive() const;
  bool expects_continue() const;
  bool is_http_1_0() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hydrant::net
