#include "engine/functions/program_of_function.h"

#include <array>
#include <cstdlib>
#include <map>

#include "engine/functions/bootstraps.h"

namespace hydrant::functions {
namespace {

constexpr std::array kInherited = {
    "PATH",      "HOME",         "USER",          "LOGNAME",         "SHELL",      "TMPDIR",
    "LANG",      "LC_ALL",       "LC_CTYPE",      "VIRTUAL_ENV",     "PYTHONPATH", "PYTHONHOME",
    "NODE_PATH", "SSL_CERT_DIR", "SSL_CERT_FILE", "LD_LIBRARY_PATH",
};

// What the service gives a function unless it is set otherwise.
constexpr const char* kMemoryMb = "128";

std::map<std::string, std::string> variables_of(const FunctionSettings& settings,
                                                const ProcessFacts& facts) {
  std::map<std::string, std::string> all = {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                                            {"LANG", "C.UTF-8"}};
  for (const char* name : kInherited) {
    if (const char* value = std::getenv(name)) all[name] = value;
  }
  all["TZ"] = ":UTC";  // as on the service: handlers rely on it
  all["AWS_LAMBDA_FUNCTION_NAME"] = settings.name;
  all["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST";
  all["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = kMemoryMb;
  all["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand";
  all["AWS_LAMBDA_LOG_GROUP_NAME"] = "/aws/lambda/" + settings.name;
  all["AWS_LAMBDA_LOG_STREAM_NAME"] = facts.log_stream;
  all["AWS_REGION"] = all["AWS_DEFAULT_REGION"] = facts.region;
  all["AWS_ACCESS_KEY_ID"] = facts.account;
  all["AWS_SECRET_ACCESS_KEY"] = all["AWS_SESSION_TOKEN"] = "hydrant";
  if (!facts.endpoint_url.empty()) all["AWS_ENDPOINT_URL"] = facts.endpoint_url;
  if (!settings.runtime.empty()) all["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + settings.runtime;
  all["_HANDLER"] = settings.handler;
  all["LAMBDA_TASK_ROOT"] = settings.directory.string();
  for (const auto& [name, value] : settings.environment) all[name] = value;
  all["AWS_LAMBDA_RUNTIME_API"] = facts.runtime_api;
  return all;
}

std::vector<std::string> arguments_of(const FunctionSettings& settings) {
  if (!settings.command.empty()) return settings.command;
  const bool python = runtime_of(settings.runtime) == Runtime::python;
  std::string interpreter = settings.interpreter;
  if (interpreter.empty()) interpreter = python ? "python3" : "node";
  // The bootstrap as an argument: no file that would have to be kept, found and removed.
  if (python) return {interpreter, "-u", "-c", kPythonBootstrap};
  return {interpreter, "--eval", kNodeBootstrap};
}

}  // namespace

std::optional<Runtime> runtime_of(const std::string& runtime) {
  if (runtime.starts_with("python")) return Runtime::python;
  if (runtime.starts_with("node")) return Runtime::node;
  return std::nullopt;
}

Program program_of(const FunctionSettings& settings, const ProcessFacts& facts) {
  Program program;
  program.arguments = arguments_of(settings);
  program.directory = settings.directory.string();
  for (const auto& [name, value] : variables_of(settings, facts)) {
    program.environment.push_back(name + '=' + value);
  }
  return program;
}

}  // namespace hydrant::functions
