#include "server/health_check.h"

#include "net/http_client.h"
#include "server/parts.h"

namespace hydrant::server {

bool check_health(const Options& options) {
  net::ClientRequest request;
  request.method = "GET";
  request.url = url_of(options.host, options.port) + "/_hydrant/health";
  request.connect_time_max = request.time_max = std::chrono::seconds(5);
  return net::HttpClient().send(request).status == 200;
}

}  // namespace hydrant::server
