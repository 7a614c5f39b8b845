// Requests of HTTP/1: what is read does not depend on the pieces in which it comes, takes no more
// than it was given, and never more memory than its limits.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "net/http1_parser.h"

namespace {

using hydrant::net::ByteBuffer;
using hydrant::net::Http1Parser;
using hydrant::net::Request;
using Outcome = Http1Parser::Outcome;

constexpr std::size_t kHeaderBytesMax = 512, kBodyBytesMax = 256;

void require(bool good) {
  if (!good) std::abort();
}

// What was made of the bytes, in words.
struct Reading {
  Outcome header = Outcome::need_more, body = Outcome::need_more;
  std::string told;
};

// The bytes are given `step` more at a time, each time at the end of memory of their own.
template <class Parse>
Outcome in_pieces(std::string_view& rest, std::size_t step, Parse&& parse) {
  auto outcome = Outcome::need_more;
  for (std::size_t given = 0; outcome == Outcome::need_more && given < rest.size();) {
    given = std::min(given + step, rest.size());
    const std::unique_ptr<char[]> piece(new char[given]);
    rest.copy(piece.get(), given);
    std::size_t consumed = 0;
    outcome = parse(std::string_view(piece.get(), given), consumed);
    require(consumed <= given);
    rest.remove_prefix(consumed);
    given -= consumed;
  }
  return outcome;
}

Reading read(std::string_view rest, std::size_t step) {
  Reading reading;
  Request request;
  Http1Parser parser(request, kHeaderBytesMax);
  std::size_t told = 0;
  reading.header = in_pieces(rest, step, [&](std::string_view bytes, std::size_t& consumed) {
    const auto outcome = parser.parse_header(bytes, consumed);
    // The bytes go with their piece, so each header is told before.
    for (; told < request.headers.size(); ++told)
      reading.told.append(request.headers[told].name)
          .append("=")
          .append(request.headers[told].value)
          .append("\n");
    return outcome;
  });
  if (reading.header != Outcome::done) return reading;
  require(parser.content_length() == 0 || !parser.chunked());
  reading.told.append(parser.keep_alive() ? "stays" : "goes");
  if (!parser.chunked()) return reading;
  ByteBuffer body;
  reading.body = in_pieces(rest, step, [&](std::string_view bytes, std::size_t& consumed) {
    return parser.parse_chunks(bytes, consumed, body, kBodyBytesMax);
  });
  require(body.size() <= kBodyBytesMax);
  if (reading.body == Outcome::done) reading.told.append(body.view()).append("|").append(rest);
  return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = read(bytes, bytes.size());
  const auto pieces = read(bytes, 1 + data[0] % 16);
  // A limit may be found before the fault behind it, or the other way round.
  const auto refused = [](Outcome outcome) {
    return outcome == Outcome::bad || outcome == Outcome::too_large;
  };
  require(refused(whole.header) == refused(pieces.header));
  require(refused(whole.body) == refused(pieces.body));
  if (whole.header == Outcome::done) require(whole.told == pieces.told);
  return 0;
}
