#include "engine/functions/failures.h"

#include <cstdio>
#include <utility>

#include "core/json_writer.h"

namespace hydrant::functions {
namespace {

std::string error_json(std::string_view type, std::string_view message) {
  std::string json;
  JsonWriter(json)
      .begin_object()
      .member("errorType", type)
      .member("errorMessage", message)
      .end_object();
  return json;
}

std::string of_request(const std::string& request_id, const std::string& text) {
  return "RequestId: " + request_id + " Error: " + text;
}

}  // namespace

InvokeResult function_failed(std::string payload) {
  InvokeResult result;
  result.function_error = "Unhandled";
  result.payload = std::move(payload);
  return result;
}

InvokeResult process_exited(const std::string& request_id, const std::string& how) {
  const bool without_reason = how == "exit status 0";
  const std::string text = without_reason ? "Runtime exited without providing a reason"
                                          : "Runtime exited with error: " + how;
  return function_failed(error_json("Runtime.ExitError", of_request(request_id, text)));
}

InvokeResult timed_out(const std::string& request_id, std::chrono::milliseconds time_max) {
  char text[64];
  std::snprintf(text, sizeof text, "Task timed out after %.2f seconds",
                std::chrono::duration<double>(time_max).count());
  return function_failed(error_json("Sandbox.Timedout", of_request(request_id, text)));
}

InvokeResult result_too_large() {
  return function_failed(
      error_json("Function.ResponseSizeTooLarge",
                 "Response payload size exceeded maximum allowed payload size (" +
                     std::to_string(kPayloadBytesMax) + " bytes)."));
}

InvokeResult cannot_start(const std::string& request_id, const std::string& why) {
  return function_failed(error_json("Runtime.InvalidEntrypoint", of_request(request_id, why)));
}

InvokeResult event_too_large() {
  InvokeResult result;
  result.status = 413;
  result.error_type = "RequestTooLargeException";
  JsonWriter(result.payload)
      .begin_object()
      .member("Type", "User")
      .member("message", "Request must be smaller than " + std::to_string(kPayloadBytesMax) +
                             " bytes for the InvokeFunction operation")
      .end_object();
  return result;
}

}  // namespace hydrant::functions
