// LocalFunction: a function that runs in processes here. Keeps them warm, and lets no more than
// MaxConcurrency run; invocations beyond wait in the order in which they came.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/mutex.h"
#include "engine/functions/function.h"
#include "engine/functions/function_host.h"
#include "engine/functions/sandbox.h"

namespace hydrant::functions {

// Thread-safe. A process is started by an invocation that needs one, never for its own sake: a
// program that cannot run costs one attempt per invocation.
class LocalFunction final : public Function {
 public:
  LocalFunction(FunctionSettings settings, std::shared_ptr<FunctionHost> host);
  ~LocalFunction() override;

  InvokeResult invoke(const std::string& arn, const std::string& payload) override EXCLUDES(mutex_);

  std::size_t processes() const EXCLUDES(mutex_);
  std::size_t waiting() const EXCLUDES(mutex_);  // invocations that wait for a process
  // Ends all processes and the invocations that are under way or wait; returns when that is done.
  void reset() EXCLUDES(mutex_) { end_all(false); }
  void close() EXCLUDES(mutex_) { end_all(true); }  // the same, and for good

 private:
  // The right to run one process.
  struct Slot {
    std::uint64_t epoch;
    std::shared_ptr<Sandbox> sandbox;  // null: to be started
  };

  std::optional<Slot> acquire() EXCLUDES(mutex_);
  bool adopt(Slot& slot, std::shared_ptr<Sandbox> sandbox) EXCLUDES(mutex_);
  void release(Slot slot, bool usable) EXCLUDES(mutex_);
  void end_all(bool for_good) EXCLUDES(mutex_);
  bool may_go(std::uint64_t ticket) const REQUIRES(mutex_);
  InvokeResult run(Slot& slot, const Invocation& invocation, bool& usable) EXCLUDES(mutex_);
  void log_end(const Outcome& outcome) const;
  InvokeResult result_of(const Invocation& invocation, Outcome outcome) const;
  Invocation invocation_of(const std::string& arn, const std::string& payload) const;

  const FunctionSettings settings_;
  const std::shared_ptr<FunctionHost> host_;
  mutable Mutex mutex_;
  std::condition_variable_any changed_;
  std::uint64_t epoch_ GUARDED_BY(mutex_) = 0;  // one more with each reset
  bool closed_ GUARDED_BY(mutex_) = false;
  std::uint64_t tickets_ GUARDED_BY(mutex_) = 0;
  std::deque<std::uint64_t> queue_ GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<Sandbox>> idle_ GUARDED_BY(mutex_);  // the last used at the end
  std::set<std::shared_ptr<Sandbox>> busy_ GUARDED_BY(mutex_);
  std::size_t slots_ GUARDED_BY(mutex_) = 0;  // that are out, each with a process or to have one
};

}  // namespace hydrant::functions
