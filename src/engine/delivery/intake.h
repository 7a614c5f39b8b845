// Intake: the work on records before a function, or in a delivery stream that has none. In the
// service's order: Decompression, CloudWatchLogProcessing, RecordDeAggregation, and behind them
// either the function or what Finisher does.
#pragma once
#include "core/memory_budget.h"
#include "engine/delivery/block_cache.h"
#include "engine/delivery/outcome.h"
#include "engine/delivery/plan.h"

namespace hydrant::delivery {

// With decompression it may end before the last record, as `records_in` tells: the outcome is large
// already, or the memory full.
Outcome take_in(const SourceBatch& batch, const Plan& plan, const Ending& ending,
                MemoryBudget& memory, BlockCache& blocks);

}  // namespace hydrant::delivery
