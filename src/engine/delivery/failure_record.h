// The line that a record leaves in the error output.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "engine/delivery/errors.h"
#include "engine/delivery/payload.h"
#include "engine/delivery/settings.h"

namespace hydrant::delivery {

struct FailureRecord {
  Failure failure;
  std::int32_t attempts = 1;  // invocations made for it
  TimePoint arrival;
  TimePoint attempt_ended;
  std::string_view raw_data;      // as it was given to the step that failed
  std::string_view lambda_arn;    // only failures of a function show it
  std::string_view message = {};  // instead of the failure's own
};

// Compact JSON without a newline: records of an object are joined by one.
std::string failure_json(const FailureRecord& record, FailureRecordStyle style);

}  // namespace hydrant::delivery
