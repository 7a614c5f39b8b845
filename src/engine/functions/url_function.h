// UrlFunction: a function that runs elsewhere, invoked as Lambda's Invoke API is: SAM, the runtime
// interface emulator, another emulator, the service behind a proxy.
#pragma once
#include <string>

#include "engine/functions/function.h"
#include "engine/functions/function_host.h"
#include "net/http_client.h"

namespace hydrant::functions {

// Thread-safe.
class UrlFunction final : public Function {
 public:
  UrlFunction(FunctionSettings settings, std::shared_ptr<FunctionHost> host)
      : settings_(std::move(settings)), host_(std::move(host)) {}

  InvokeResult invoke(const std::string& arn, const std::string& payload) override;

 private:
  const FunctionSettings settings_;
  const std::shared_ptr<FunctionHost> host_;
  const net::HttpClient client_{};
};

}  // namespace hydrant::functions
