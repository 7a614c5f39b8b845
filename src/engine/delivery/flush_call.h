// FlushCall: one flush of one delivery stream, from the moment it is asked for until all that it
// covers is written. The delivery stream's mutex guards it.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/delivery/outbox.h"
#include "engine/delivery/source.h"
#include "engine/delivery/state.h"

namespace hydrant::delivery {

struct BatchJob;

class FlushCall {
 public:
  SourceTips tips;          // how far the source is read: what was in it when the flush began
  bool source_read = true;  // all of that has been read

  bool started = false;
  std::vector<std::shared_ptr<BatchJob>> retried;  // to be taken up when the flush starts

  bool cut = false;  // the barrier has passed: the objects it covers are cut
  std::array<std::uint64_t, kOutboxes> last_object{};  // numbers of the last of them
  std::array<bool, kOutboxes> failed{};                // one of them could not be written
  bool done = false;                                   // all that can be is written
  FlushResult result;
};

}  // namespace hydrant::delivery
