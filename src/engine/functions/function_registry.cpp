#include "engine/functions/function_registry.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <utility>

#include "core/mutex.h"
#include "engine/functions/function_host.h"
#include "engine/functions/function_name.h"
#include "engine/functions/local_function.h"
#include "engine/functions/program_of_function.h"
#include "engine/functions/url_function.h"

namespace hydrant::functions {
namespace {

constexpr std::int32_t kTimeoutSecondsMax = 900;
constexpr std::int32_t kConcurrencyMax = 1'000;

std::optional<std::string> wrong_kind(const FunctionSettings& settings) {
  const bool is_handler = !settings.runtime.empty() || !settings.handler.empty();
  const bool is_url = !settings.url.empty(), is_command = !settings.command.empty();
  if (is_url && (is_command || is_handler || !settings.directory.empty())) {
    return "has a Url, so it can have no Command, Directory, Runtime or Handler";
  }
  if (is_command && !settings.runtime.empty()) {
    return "has a Command and a Runtime: it can be one of the two";
  }
  if (is_url && !settings.url.starts_with("http://") && !settings.url.starts_with("https://")) {
    return "has the Url '" + settings.url + "', which does not begin with http:// or https://";
  }
  if (is_url || is_command) return std::nullopt;
  if (settings.directory.empty() || settings.runtime.empty() || settings.handler.empty()) {
    return "needs a Url, a Command, or Directory, Runtime and Handler";
  }
  if (!runtime_of(settings.runtime)) {
    return "has the Runtime '" + settings.runtime +
           "': here are python3... and nodejs...; for others give a Command";
  }
  return std::nullopt;
}

std::optional<std::string> wrong_settings(const FunctionSettings& settings) {
  if (!is_function_name(settings.name)) {
    return "has a name that is not 1 to 140 letters, digits, - or _";
  }
  if (auto wrong = wrong_kind(settings)) return wrong;
  std::error_code ignored;
  if (!settings.directory.empty() && !std::filesystem::is_directory(settings.directory, ignored)) {
    return "has the Directory '" + settings.directory.string() + "', which is no directory";
  }
  if (!settings.command.empty() && settings.command.front().empty()) {
    return "has an empty Command";
  }
  if (settings.timeout_s < 1 || settings.timeout_s > kTimeoutSecondsMax) {
    return "has a Timeout that is not 1 to " + std::to_string(kTimeoutSecondsMax) + " seconds";
  }
  if (settings.max_concurrency < 1 || settings.max_concurrency > kConcurrencyMax) {
    return "has a MaxConcurrency that is not 1 to " + std::to_string(kConcurrencyMax);
  }
  return std::nullopt;
}

// Counts what passes through.
class CountedFunction final : public Function {
 public:
  explicit CountedFunction(std::shared_ptr<Function> function) : function_(std::move(function)) {}

  InvokeResult invoke(const std::string& arn, const std::string& payload) override {
    invocations_.fetch_add(1, std::memory_order_relaxed);
    auto result = function_->invoke(arn, payload);
    const bool answered = result.status / 100 == 2 && result.function_error.empty();
    if (!answered) errors_.fetch_add(1, std::memory_order_relaxed);
    return result;
  }
  std::uint64_t invocations() const { return invocations_.load(std::memory_order_relaxed); }
  std::uint64_t errors() const { return errors_.load(std::memory_order_relaxed); }
  void forget_counts() {
    invocations_.store(0, std::memory_order_relaxed);
    errors_.store(0, std::memory_order_relaxed);
  }

 private:
  const std::shared_ptr<Function> function_;
  std::atomic<std::uint64_t> invocations_{0}, errors_{0};
};

struct Known {
  std::string kind;
  std::shared_ptr<LocalFunction> local;  // null: a URL
  std::shared_ptr<CountedFunction> function;
};

}  // namespace

class FunctionRegistry::Impl {
 public:
  explicit Impl(const FunctionEnvironment& environment)
      : host_(std::make_shared<FunctionHost>(
            environment.region, environment.account, environment.logger,
            environment.random != nullptr ? environment.random->next() : Random::seed_from_system(),
            environment.init_time_max, environment.invoke_time_max)) {
    host_->set_endpoint_url(environment.endpoint_url);
  }
  ~Impl() {
    for (const auto& known : all()) {
      if (known.local) known.local->close();
    }
  }

  std::optional<std::string> add(const FunctionSettings& settings) EXCLUDES(mutex_) {
    if (const auto wrong = wrong_settings(settings)) {
      return "function '" + settings.name + "' " + *wrong;
    }
    Known known;
    std::shared_ptr<Function> function;
    if (!settings.url.empty()) {
      known.kind = "url";
      function = std::make_shared<UrlFunction>(settings, host_);
    } else {
      known.kind = settings.command.empty() ? "handler" : "command";
      known.local = std::make_shared<LocalFunction>(settings, host_);
      function = known.local;
    }
    known.function = std::make_shared<CountedFunction>(std::move(function));
    const MutexLock lock(mutex_);
    if (!functions_.try_emplace(settings.name, std::move(known)).second) {
      return "function '" + settings.name + "' is there twice";
    }
    return std::nullopt;
  }

  std::shared_ptr<Function> find(const std::string& name) const EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    const auto found = functions_.find(name);
    return found == functions_.end() ? nullptr : found->second.function;
  }

  std::vector<FunctionState> states() const EXCLUDES(mutex_) {
    std::map<std::string, Known> functions;
    {
      const MutexLock lock(mutex_);
      functions = functions_;
    }
    std::vector<FunctionState> states;
    for (const auto& [name, known] : functions) {
      states.push_back({name, known.kind, known.function->invocations(), known.function->errors(),
                        known.local ? known.local->processes() : 0,
                        known.local ? known.local->waiting() : 0});
    }
    return states;
  }

  void reset() EXCLUDES(mutex_) {
    for (const auto& known : all()) {
      if (known.local) known.local->reset();
      known.function->forget_counts();
    }
    host_->random.restart();
  }

  FunctionHost& host() { return *host_; }

 private:
  std::vector<Known> all() const EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    std::vector<Known> found;
    for (const auto& [name, known] : functions_) found.push_back(known);
    return found;
  }

  const std::shared_ptr<FunctionHost> host_;
  mutable Mutex mutex_;
  std::map<std::string, Known> functions_ GUARDED_BY(mutex_);
};

FunctionRegistry::FunctionRegistry(FunctionEnvironment environment)
    : impl_(std::make_unique<Impl>(environment)) {}
FunctionRegistry::~FunctionRegistry() = default;

std::optional<std::string> FunctionRegistry::add(const FunctionSettings& settings) {
  return impl_->add(settings);
}
void FunctionRegistry::set_endpoint_url(std::string url) {
  impl_->host().set_endpoint_url(std::move(url));
}
std::shared_ptr<Function> FunctionRegistry::find(const std::string& name_or_arn) const {
  return impl_->find(name_of(name_or_arn));
}
std::vector<FunctionState> FunctionRegistry::states() const { return impl_->states(); }
void FunctionRegistry::reset() { impl_->reset(); }
std::string FunctionRegistry::name_of(const std::string& name_or_arn) {
  return function_name_of(name_or_arn);
}

}  // namespace hydrant::functions
