// What to run for a function, and in which environment.
#pragma once
#include <optional>
#include <string>

#include "engine/functions/function.h"
#include "engine/functions/spawn.h"

namespace hydrant::functions {

// What settings do not say about one process.
struct ProcessFacts {
  std::string runtime_api;   // host:port
  std::string endpoint_url;  // empty: not known
  std::string region, account;
  std::string log_stream;
};

enum class Runtime { python, node };
std::optional<Runtime> runtime_of(const std::string& runtime);  // by its prefix

// The environment does not begin with the server's own, but with the few variables of it that a
// program on this machine needs: its AWS_PROFILE or AWS_SESSION_TOKEN would lead a handler to the
// user's real account.
Program program_of(const FunctionSettings& settings, const ProcessFacts& facts);

}  // namespace hydrant::functions
