// FunctionHost: what the functions of one registry share.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/logging.h"
#include "core/mutex.h"
#include "core/random.h"
#include "engine/functions/supervisor.h"

namespace hydrant::functions {

// Thread-safe.
class FunctionHost {
 public:
  FunctionHost(std::string region_name, std::string account_id, std::shared_ptr<Logger> log,
               std::uint64_t seed, std::chrono::milliseconds init_limit,
               std::chrono::milliseconds invoke_limit)
      : region(std::move(region_name)),
        account(std::move(account_id)),
        logger(std::move(log)),
        init_time_max(init_limit),
        invoke_time_max(invoke_limit),
        random(seed) {}

  void set_endpoint_url(std::string url) EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    endpoint_url_ = std::move(url);
  }
  std::string endpoint_url() const EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return endpoint_url_;
  }

  // Of an invocation of a function with this Timeout.
  std::chrono::milliseconds time_max(std::int32_t timeout_s) const {
    return std::min<std::chrono::milliseconds>(std::chrono::seconds(timeout_s), invoke_time_max);
  }

  const std::string region, account;
  const std::shared_ptr<Logger> logger;
  const std::chrono::milliseconds init_time_max, invoke_time_max;
  Random random;
  Supervisor supervisor;

 private:
  mutable Mutex mutex_;
  std::string endpoint_url_ GUARDED_BY(mutex_);
};

}  // namespace hydrant::functions
