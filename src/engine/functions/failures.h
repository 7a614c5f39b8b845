// The results of invocations that no function answered, in the service's words.
#pragma once
#include <chrono>
#include <cstddef>
#include <string>

#include "engine/functions/function.h"

namespace hydrant::functions {

// Of an event and of a result: 6 MiB and a little for what surrounds it.
inline constexpr std::size_t kPayloadBytesMax = 6'291'556;

// The function failed and says so itself; `payload` is what it said.
InvokeResult function_failed(std::string payload);
// `how`: "exit status 1", "signal: killed".
InvokeResult process_exited(const std::string& request_id, const std::string& how);
InvokeResult timed_out(const std::string& request_id, std::chrono::milliseconds time_max);
InvokeResult result_too_large();
InvokeResult cannot_start(const std::string& request_id, const std::string& why);

// Refusals of the Invoke API, before any function runs.
InvokeResult event_too_large();

}  // namespace hydrant::functions
