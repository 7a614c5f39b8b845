#include "server/health_check.h"

#include "net/http_client.h"
#include "server/parts.h"

namespace hydrant::server {

std::optional<std::string> why_not_serving(const Options& options) {
  net::ClientRequest request;
  request.method = "GET";
  request.url = url_of(options.host, options.port) + "/_hydrant/health";
  request.connect_time_max = request.time_max = std::chrono::seconds(5);
  const auto reply = net::HttpClient().send(request);
  if (reply.status == 200) return std::nullopt;
  const std::string why = reply.failure == net::ClientReply::Failure::none
                              ? "it answered " + std::to_string(reply.status)
                              : reply.failure_text;
  return "not serving at " + request.url + ": " + why;
}

}  // namespace hydrant::server
