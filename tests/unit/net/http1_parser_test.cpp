#include "net/http1_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hydrant::net {
namespace {

using testing::ElementsAre;
using Outcome = Http1Parser::Outcome;

class Http1ParserTest : public testing::Test {
 protected:
  static constexpr std::size_t kHeaderBytesMax = 1'000, kBodyBytesMax = 100;

  // The outcome for a whole header; what is behind it is left.
  Outcome header(std::string text) {
    text_ = std::move(text);
    parser_.restart();
    const auto outcome = parser_.parse_header(text_, consumed_);
    return outcome;
  }
  Outcome fields(const std::string& lines) {
    return header("POST / HTTP/1.1\r\n" + lines + "\r\n");
  }

  // The outcome for a chunked body, given in pieces of `step` bytes.
  Outcome chunks(std::string_view text, std::size_t step) {
    EXPECT_EQ(fields("Transfer-Encoding: chunked\r\n"), Outcome::done);
    body_.clear();
    std::string waiting;
    auto outcome = Outcome::need_more;
    while (outcome == Outcome::need_more && !text.empty()) {
      waiting.append(text.substr(0, step));
      text.remove_prefix(std::min(step, text.size()));
      outcome = parser_.parse_chunks(waiting, consumed_, body_, kBodyBytesMax);
      waiting.erase(0, consumed_);
    }
    left_ = waiting.append(text);
    return outcome;
  }
  Outcome chunks(std::string_view text) {
    const auto whole = chunks(text, text.size());
    for (std::size_t step = 1; step < 5; ++step) EXPECT_EQ(chunks(text, step), whole) << text;
    return whole;
  }

  Request request_;
  Http1Parser parser_{request_, kHeaderBytesMax};
  std::string text_, left_;
  std::size_t consumed_ = 0;
  ByteBuffer body_;
};

MATCHER_P2(IsHeader, name, value, "") { return arg.name == name && arg.value == value; }

TEST_F(Http1ParserTest, AHeaderIsReadToItsEnd) {
  ASSERT_EQ(header("POST /a?b=c HTTP/1.1\r\nHost: x\r\nA-b:\t y z \t\r\nEmpty:\r\n\r\nbody"),
            Outcome::done);

  EXPECT_EQ(request_.method, "POST");
  EXPECT_EQ(request_.target, "/a?b=c");
  EXPECT_THAT(request_.headers,
              ElementsAre(IsHeader("Host", "x"), IsHeader("A-b", "y z"), IsHeader("Empty", "")));
  EXPECT_NE(request_.headers[2].value.data(), nullptr);
  EXPECT_EQ(text_.substr(consumed_), "body");
}

TEST_F(Http1ParserTest, AHeaderMayComeInPiecesOfAnySize) {
  const std::string text = "\r\nGET / HTTP/1.1\r\nHost: example\r\nContent-Length: 12\r\n\r\n";
  for (std::size_t step = 1; step < text.size(); ++step) {
    parser_.restart();
    std::size_t end = 0, parsed = 0;
    auto outcome = Outcome::need_more;
    while (end < text.size()) {
      ASSERT_EQ(outcome, Outcome::need_more);
      end = std::min(end + step, text.size());
      outcome =
          parser_.parse_header(std::string_view(text).substr(parsed, end - parsed), consumed_);
      parsed += consumed_;
    }
    ASSERT_EQ(outcome, Outcome::done) << step;
    EXPECT_THAT(request_.headers,
                ElementsAre(IsHeader("Host", "example"), IsHeader("Content-Length", "12")));
    EXPECT_EQ(parser_.content_length(), 12u);
  }
}

TEST_F(Http1ParserTest, WhatServersReadDifferentlyIsRefused) {
  for (const auto* line : {"GET / HTTP/1.1\n", "GET / HTTP/1.1\r\r\n", "GET  / HTTP/1.1\r\n",
                           "GET / HTTP/1.1 \r\n", "GET /\t HTTP/1.1\r\n", "G\x01T / HTTP/1.1\r\n",
                           " GET / HTTP/1.1\r\n", "GET / http/1.1\r\n", "GET / HTTP/1.2\r\n",
                           "GET / HTTP/01.1\r\n", "GET /a b HTTP/1.1\r\n", "GET\r\n"})
    EXPECT_EQ(header(std::string(line) + "\r\n"), Outcome::bad) << line;
  for (const auto* line :
       {"A: b\n", ": b\r\n", "A : b\r\n", "A\r\n", " A: b\r\n", "A: b\r\n c\r\n", "A: b\rc: d\r\n",
        "A: b\x01\r\n", "A: b\x7f\r\n", "A\xc3: b\r\n", "(A): b\r\n"})
    EXPECT_EQ(fields(line), Outcome::bad) << line;
  for (std::size_t size = 1; size < 20; ++size)
    for (std::size_t at = 0; at < size; ++at)
      for (const char c : {'\0', '\x1f', '\x7f'}) {
        std::string value(size, '\xff');
        value[at] = c;
        EXPECT_EQ(fields("A: \t" + value + "\r\n"), Outcome::bad) << size << " " << at;
        value[at] = '\t';
        EXPECT_EQ(fields("A: x" + value + "x\r\n"), Outcome::done) << size << " " << at;
      }
  EXPECT_EQ(fields("A: b\tc \xc3\xa4\r\n"), Outcome::done);
  EXPECT_EQ(fields("Host: a\r\nhost: a\r\n"), Outcome::bad);
  EXPECT_EQ(fields("Host: a b\r\n"), Outcome::bad);
  EXPECT_EQ(fields("Host:\r\n"), Outcome::done);
}

TEST_F(Http1ParserTest, AnotherProtocolIsRefusedBeforeTheEndOfALine) {
  for (const auto* start : {"\x16\x03\x01", "GET\x01", "\r\r", " "})
    EXPECT_EQ(header(start), Outcome::bad) << start;
  for (const auto* start : {"", "\r", "\r\n", "GET", "GET ", "GET /ab"})
    EXPECT_EQ(header(start), Outcome::need_more) << start;
}

TEST_F(Http1ParserTest, TheLimitCountsTheWholeHeader) {
  const std::string frame = "GET / HTTP/1.1\r\nA: \r\n\r\n";
  const auto padded = [&](std::size_t size) {
    return "GET / HTTP/1.1\r\nA: " + std::string(size - frame.size(), 'x') + "\r\n\r\n";
  };
  EXPECT_EQ(header(padded(kHeaderBytesMax)), Outcome::done);
  EXPECT_EQ(header(padded(kHeaderBytesMax + 1)), Outcome::too_large);
  EXPECT_EQ(header(std::string(kHeaderBytesMax, 'G')), Outcome::too_large);
}

TEST_F(Http1ParserTest, AConnectionStaysUnlessEitherSideSaysOtherwise) {
  const auto stays = [&](const std::string& version, const std::string& lines) {
    EXPECT_EQ(header("GET / HTTP/" + version + "\r\n" + lines + "\r\n"), Outcome::done);
    return parser_.keep_alive();
  };
  EXPECT_TRUE(stays("1.1", ""));
  EXPECT_FALSE(stays("1.1", "Connection: close\r\n"));
  EXPECT_FALSE(stays("1.1", "connection: TE ,\tClose\r\n"));
  EXPECT_FALSE(stays("1.1", "Connection: x\r\nConnection: close, y\r\n"));
  EXPECT_TRUE(stays("1.1", "Connection: closed\r\n"));
  EXPECT_FALSE(stays("1.0", ""));
  EXPECT_TRUE(stays("1.0", "Connection: Keep-Alive\r\n"));
}

TEST_F(Http1ParserTest, ALengthIsDigitsAndTheSameEachTime) {
  EXPECT_EQ(fields("Content-Length: 0012\r\ncontent-length: 12\r\n"), Outcome::done);
  EXPECT_EQ(parser_.content_length(), 12u);
  EXPECT_EQ(fields("Content-Length: 18446744073709551615\r\n"), Outcome::done);
  for (const auto* value : {"", "+1", "-1", "1 2", "1,1", "0x1", "1.", "18446744073709551616"})
    EXPECT_EQ(fields("Content-Length: " + std::string(value) + "\r\n"), Outcome::bad) << value;
  EXPECT_EQ(fields("Content-Length: 1\r\nContent-Length: 2\r\n"), Outcome::bad);
}

TEST_F(Http1ParserTest, TheOnlyCodingIsChunkedOnce) {
  EXPECT_EQ(fields("Transfer-Encoding: Chunked\r\n"), Outcome::done);
  EXPECT_TRUE(parser_.chunked());
  for (const auto* lines :
       {"Transfer-Encoding: gzip\r\n", "Transfer-Encoding:\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n",
        "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked, \r\n"})
    EXPECT_EQ(fields(lines), Outcome::bad) << lines;
}

TEST_F(Http1ParserTest, NothingStaysFromTheRequestBefore) {
  ASSERT_EQ(fields("Transfer-Encoding: chunked\r\nConnection: close\r\nExpect: 100-continue\r\n"),
            Outcome::done);
  ASSERT_EQ(fields("Content-Length: 3\r\n"), Outcome::done);
  ASSERT_EQ(fields(""), Outcome::done);

  EXPECT_EQ(parser_.content_length(), 0u);
  EXPECT_FALSE(parser_.chunked() || parser_.expects_continue() || !parser_.keep_alive());
  EXPECT_TRUE(request_.headers.empty());
}

TEST_F(Http1ParserTest, ChunksAreJoinedAndTheirDressIsDropped) {
  EXPECT_EQ(chunks("3\r\nabc\r\n0A;x=\"y\" \r\n0123456789\r\n000\r\nA: b\r\n\r\nnext"),
            Outcome::done);
  EXPECT_EQ(body_.view(), "abc0123456789");
  EXPECT_EQ(left_, "next");
  EXPECT_EQ(chunks("0\r\n\r\n"), Outcome::done);
  EXPECT_EQ(body_.size(), 0u);
}

TEST_F(Http1ParserTest, AMalformedChunkIsRefused) {
  for (const auto* text :
       {"\r\n", "x\r\n", "-1\r\n", "1\nA", "1 x\r\n", "1;\x01\r\n", "1\r\nAB\r\n", "1\r\nA\n0\r\n",
        "11111111111111111\r\n", "0\r\nno colon\r\n\r\n", "0\r\n A: b\r\n\r\n", "0\r\n\n"})
    EXPECT_EQ(chunks(text), Outcome::bad) << text;
  EXPECT_EQ(chunks("0\r\nA: " + std::string(kHeaderBytesMax, 'x') + "\r\n\r\n"), Outcome::bad);
}

TEST_F(Http1ParserTest, AChunkedBodyHasALimit) {
  const std::string half = "32\r\n" + std::string(50, 'x') + "\r\n";
  EXPECT_EQ(chunks(half + half + "0\r\n\r\n"), Outcome::done);
  EXPECT_EQ(chunks(half + half + "1\r\n"), Outcome::too_large);
  EXPECT_EQ(chunks("ffffffffffffffff\r\n"), Outcome::too_large);
}

}  // namespace
}  // namespace hydrant::net
