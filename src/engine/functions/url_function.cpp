#include "engine/functions/url_function.h"

#include "engine/functions/failures.h"

namespace hydrant::functions {
namespace {

std::string value_of(const net::ClientReply& reply, const char* name) {
  const auto found = reply.headers.find(name);
  return found == reply.headers.end() ? "" : found->second;
}

}  // namespace

// No reply in time is what a function that is too slow looks like from outside.
InvokeResult UrlFunction::invoke(const std::string&, const std::string& payload) {
  using Failure = net::ClientReply::Failure;
  net::ClientRequest request;
  request.url = settings_.url;
  request.headers = {{"Content-Type", "application/json"},
                     {"X-Amz-Invocation-Type", "RequestResponse"},
                     {"X-Amz-Log-Type", "None"}};
  request.body = payload;
  request.time_max = host_->time_max(settings_.timeout_s);
  request.body_bytes_max = kPayloadBytesMax;
  auto reply = client_.send(request);
  if (reply.failure == Failure::timeout) return timed_out(host_->random.uuid(), request.time_max);
  if (reply.failure == Failure::too_large) return result_too_large();
  if (reply.failure != Failure::none) {
    host_->logger->warn("function {}: {}", settings_.name, reply.failure_text);
    return {0, "", "", reply.failure_text};
  }
  const auto type = value_of(reply, "x-amzn-errortype");  // may have ":http://..." behind it
  return {reply.status, type.substr(0, type.find(':')), value_of(reply, "x-amz-function-error"),
          std::move(reply.body)};
}

}  // namespace hydrant::functions
