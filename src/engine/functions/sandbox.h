// Sandbox: one process of a function, and the address of the Runtime API that it alone knows.
#pragma once
#include <chrono>
#include <memory>
#include <string>

#include "engine/functions/function.h"
#include "engine/functions/function_host.h"
#include "engine/functions/runtime_api.h"
#include "net/http_server.h"

namespace hydrant::functions {

// Serves one invocation at a time; abandon(), end() and the rest may come from other threads.
class Sandbox {
 public:
  using Started = boost::system::result<std::unique_ptr<Sandbox>, SpawnFailure>;
  static Started start(FunctionHost& host, const FunctionSettings& settings);
  ~Sandbox();  // kills the process group, and waits for that

  Outcome invoke(const Invocation& invocation) { return api_->invoke(invocation); }
  bool running() const { return process_->running(); }

  // Ends the process, and the invocation under way if there is one. Does not wait.
  void end(std::chrono::milliseconds grace);
  void wait_ended(std::chrono::milliseconds time_max) const;

 private:
  Sandbox(FunctionHost& host);

  const std::shared_ptr<RuntimeApi> api_;  // shared with what the supervisor calls
  net::HttpServer server_;
  std::shared_ptr<Process> process_;
};

}  // namespace hydrant::functions
