#include "net/reply_head.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace hydrant::net {
namespace {

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Unknown";
  }
}

// By hand: strftime() would speak the language of the locale.
std::string http_date(TimePoint time) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::array<char, 64> text;
  const int size = std::snprintf(
      text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
      kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
      kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

bool has_no_body(int status) { return status == 204 || status == 304 || status < 200; }

void write_reply_head(std::string& out, const Reply& reply, std::string_view date,
                      ConnectionWord word, Framing framing) {
  out.assign("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(reply.status));
  out.append(" ").append(reason_phrase(reply.status)).append("\r\nDate: ").append(date);
  if (framing == Framing::chunked && !has_no_body(reply.status)) {
    out.append("\r\nTransfer-Encoding: chunked");
  } else if (framing == Framing::length && !has_no_body(reply.status)) {
    out.append("\r\nContent-Length: ");
    append_number(out, reply.body.size());
  }
  out.append("\r\n").append(reply.headers);
  if (word == ConnectionWord::close) out.append("Connection: close\r\n");
  if (word == ConnectionWord::keep_alive) out.append("Connection: keep-alive\r\n");
  out.append("\r\n");
}

Reply refusal(int status) {
  Reply reply;
  reply.status = status;
  reply.close = true;
  reply.header("Content-Type", "text/plain");
  reply.body = reason_phrase(status);
  return reply;
}

}  // namespace hydrant::net
