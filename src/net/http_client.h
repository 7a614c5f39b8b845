// HttpClient: one blocking request, for a pool thread. http:// and https:// (certificates are not
// checked: what a local emulator calls is local too).
#pragma once
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hydrant::net {

// http:// or https://, a host, and a port that there is, if one is named.
bool is_url(std::string_view text);

struct ClientRequest {
  std::string method = "POST";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::chrono::milliseconds connect_time_max{5'000};
  std::chrono::milliseconds time_max{60'000};  // of all together
  std::size_t body_bytes_max = 64 * 1024 * 1024;
};

struct ClientReply {
  enum class Failure { none, bad_url, connect, timeout, protocol, too_large };
  Failure failure = Failure::none;
  std::string failure_text;  // one sentence, set when failure is
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

// Thread-safe. Opens a connection per call.
class HttpClient {
 public:
  ClientReply send(const ClientRequest& request) const;
};

}  // namespace hydrant::net
