// What every delivery stream is handed: time, threads, chance, memory, and its neighbours.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "core/clock.h"
#include "core/logging.h"
#include "core/memory_budget.h"
#include "core/random.h"
#include "core/thread_pool.h"
#include "engine/delivery/block_cache.h"
#include "engine/delivery/error_log.h"
#include "engine/delivery/settings.h"
#include "engine/delivery/sink.h"
#include "engine/functions/function.h"
#include "engine/streams/registry.h"

namespace hydrant::delivery {

// The quotas of DirectPut, which rise together and are larger in three regions.
struct DirectPutQuota {
  bool enabled = false;
  double scale = 1.0;
  double burst_seconds = 1.0;
};

// ARN -> function; null: there is none. Thread-safe. Normally FunctionRegistry::find.
using FindFunction = std::function<std::shared_ptr<functions::Function>(const std::string& arn)>;

// The references outlive every delivery stream and every task of the pool.
struct DeliveryEnvironment {
  Clock& clock;
  ThreadPool& pool;
  Random& random;
  MemoryBudget& memory;        // the one that `streams` has
  streams::Registry& streams;  // sources; and it makes room in the budget if that is the rule
  Sink& sink;
  FindFunction find_function;
  std::shared_ptr<Logger> logger;
  FailureRecordStyle failure_record_style = FailureRecordStyle::current;
  DirectPutQuota quota;
  std::size_t active_partitions_max = 500;  // of a delivery stream; 1..5000 on AWS by request
  ErrorLog* error_log = nullptr;            // null: none is kept
  std::shared_ptr<BlockCache> blocks = std::make_shared<BlockCache>();
};

}  // namespace hydrant::delivery
