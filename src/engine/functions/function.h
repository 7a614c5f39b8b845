// What a Lambda name runs: a URL, a handler in a local process, a program that talks the Runtime
// API.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hydrant::functions {

// As the configuration file declares it. Exactly one of url, directory+runtime+handler, command.
struct FunctionSettings {
  std::string name;
  std::string url;
  std::filesystem::path directory;
  std::string runtime;      // python3..., nodejs...: the prefix decides
  std::string handler;      // module.function
  std::string interpreter;  // empty: python3 or node on PATH
  std::vector<std::string> command;
  std::int32_t timeout_s = 60;
  std::int32_t max_concurrency = 5;
  std::map<std::string, std::string> environment;
};

// What Lambda's Invoke API answered, or would have.
struct InvokeResult {
  int status = 200;            // 200, or an API error: 403, 404, 429, 5xx; 0: no connection
  std::string error_type;      // x-amzn-ErrorType of an API error
  std::string function_error;  // X-Amz-Function-Error: set when the function itself failed
  std::string payload;         // of the function or the API; without a connection, why
};

// Thread-safe.
class Function {
 public:
  virtual ~Function() = default;
  // Blocks until the function has answered, failed or timed out (real time). `arn` is what the
  // caller addressed, as the function sees it in its context.
  virtual InvokeResult invoke(const std::string& arn, const std::string& payload) = 0;
};

}  // namespace hydrant::functions
