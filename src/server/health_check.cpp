#include "server/health_check.h"

#include <nlohmann/json.hpp>

#include "net/http_client.h"
#include "server/parts.h"

namespace hydrant::server {
namespace {

// {"status":"ok","version":"0.1.0"}: many a server answers 200 to anything.
bool is_healthy(const std::string& body) {
  const auto document = nlohmann::json::parse(body, nullptr, false);
  return document.is_object() && document.contains("version") && document.contains("status") &&
         document["status"] == "ok";
}

}  // namespace

std::optional<std::string> why_not_serving(const Options& options) {
  net::ClientRequest request;
  request.method = "GET";
  request.url = url_of(options.host, options.port) + "/_hydrant/health";
  request.connect_time_max = request.time_max = std::chrono::seconds(5);
  request.body_bytes_max = 64 * 1024;
  const auto reply = net::HttpClient().send(request);
  if (reply.status == 200 && is_healthy(reply.body)) return std::nullopt;
  std::string why = reply.failure_text;
  if (reply.failure == net::ClientReply::Failure::none) {
    why = reply.status == 200 ? "what answers is no hydrant"
                              : "it answered " + std::to_string(reply.status);
  }
  return "not serving at " + request.url + ": " + why;
}

}  // namespace hydrant::server
