// FunctionRegistry: name -> function. Names are global, whatever account an ARN speaks of.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/logging.h"
#include "core/random.h"
#include "engine/functions/function.h"

namespace hydrant::functions {

// What every function that runs here is given besides its own settings.
struct FunctionEnvironment {
  std::string endpoint_url;  // hydrant's own, for AWS_ENDPOINT_URL
  std::string region, account;
  std::shared_ptr<Logger> logger;
  Random* random = nullptr;                         // seeds the ids of invocations, no more
  std::chrono::milliseconds init_time_max{10'000};  // from its start until a process asks for work
  // Firehose waits five minutes for a function, whatever its Timeout.
  std::chrono::milliseconds invoke_time_max{300'000};
};

struct FunctionState {
  std::string name, kind;  // kind: url, handler or command
  std::uint64_t invocations = 0, errors = 0;
  std::size_t processes = 0;
  std::size_t waiting = 0;  // invocations, for a process
};

// Thread-safe.
class FunctionRegistry {
 public:
  explicit FunctionRegistry(FunctionEnvironment environment);
  ~FunctionRegistry();  // ends every process group

  // None when it was added; else what is wrong with the settings, as one sentence (no such
  // directory, unknown runtime, two kinds at once, a name taken).
  [[nodiscard]] std::optional<std::string> add(const FunctionSettings& settings);
  // Known only once the port is bound: until it is set processes are given none.
  void set_endpoint_url(std::string url);

  // `name_or_arn`: a name, name:qualifier, or a partial or full ARN. Null: no such function.
  std::shared_ptr<Function> find(const std::string& name_or_arn) const;
  std::vector<FunctionState> states() const;

  // Ends the processes and their pending invocations (as function errors); functions stay known and
  // start new processes when they are invoked again.
  void reset();

  static std::string name_of(const std::string& name_or_arn);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hydrant::functions
