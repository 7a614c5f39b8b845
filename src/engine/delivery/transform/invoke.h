// One invocation of a transform function, and what a batch is when it has been through.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "engine/delivery/batch.h"
#include "engine/delivery/block_cache.h"
#include "engine/delivery/environment.h"
#include "engine/delivery/outcome.h"
#include "engine/delivery/plan.h"
#include "engine/delivery/transform/response.h"

namespace hydrant::delivery::transform {

inline constexpr std::size_t kInvocationsInFlightMax = 5;

struct Call {
  const SourceBatch& batch;
  const Plan& plan;                  // with a Lambda
  const std::string& invocation_id;  // the same for every attempt
};

// What one attempt came to: the function's answer, or why there is none.
struct Attempt {
  std::optional<Response> response;
  Failure failure = Failure::function_error;  // when there is no response
  bool retried = false;                       // worth another attempt
};

// Blocks while the function works; nothing is thrown by what it answers.
Attempt invoke(const Call& call, const RecordIds& ids, const FindFunction& find_function);

// The batch after its last attempt: Ok records, in the order in which they were sent, are finished.
Outcome conclude(const Call& call, const RecordIds& ids, const Attempt& attempt,
                 const Ending& ending, MemoryBudget& memory, BlockCache& blocks);

// How long to wait after the `attempt`th attempt (from 1) failed.
Duration back_off(std::int32_t attempt);

}  // namespace hydrant::delivery::transform
