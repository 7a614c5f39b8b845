#include "net/http2_headers.h"

#include <algorithm>
#include <array>

#include "net/reply_head.h"

namespace hydrant::net {
namespace {

constexpr std::size_t kOwnBytesMax = 128;  // status, date and content-length
constexpr std::size_t kUsualHeaders = 12;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// RFC 9113, 8.2.2.
bool belongs_to_connection(std::string_view name) {
  static constexpr std::array<std::string_view, 5> kNames = {
      "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"};
  return std::ranges::find(kNames, name) != kNames.end();
}

}  // namespace

Http2Headers::Http2Headers(const Reply& reply, std::string_view date) {
  text_.reserve(reply.headers.size() + kOwnBytesMax);
  list_.reserve(kUsualHeaders);
  add(":status", std::to_string(reply.status));
  add("date", date);
  if (!reply.stream && !has_no_body(reply.status))
    add("content-length", std::to_string(reply.body.size()));
  std::string_view rest = reply.headers;
  while (!rest.empty()) {
    const auto end = std::min(rest.find("\r\n"), rest.size());
    add_line(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
}

void Http2Headers::add_line(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  auto value = line.substr(colon + 1);
  while (value.starts_with(' ')) value.remove_prefix(1);
  add(line.substr(0, colon), value);
}

void Http2Headers::add(std::string_view name, std::string_view value) {
  const std::size_t start = text_.size();
  std::ranges::transform(name, std::back_inserter(text_), lower);
  text_.append(value);
  const std::string_view written = std::string_view(text_).substr(start);
  if (belongs_to_connection(written.substr(0, name.size()))) return;
  auto* const at = reinterpret_cast<std::uint8_t*>(text_.data() + start);
  list_.push_back({at, at + name.size(), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
}

}  // namespace hydrant::net
