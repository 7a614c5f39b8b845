// FlushCall: one flush of one delivery stream, from the moment it is asked for until all that it
// covers is written. The delivery stream's mutex guards it.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/delivery/source.h"
#include "engine/delivery/state.h"

namespace hydrant::delivery {

struct TransformJob;

class FlushCall {
 public:
  SourceTips tips;          // how far the source is read: what was in it when the flush began
  bool source_read = true;  // all of that has been read

  std::vector<std::shared_ptr<TransformJob>> retried;  // to be taken up when the flush starts

  bool cut = false;               // the barrier has passed: the objects it covers are cut
  std::uint64_t last_object = 0;  // number of the last of them
  bool done = false;              // they are written, or one of them could not be
  FlushResult result;
};

}  // namespace hydrant::delivery
