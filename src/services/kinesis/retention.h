// What both operations that change the retention period share.
#pragma once
#include <cstdint>

#include "services/kinesis/operation.h"

namespace hydrant::kinesis {

std::optional<Error> check_retention(std::int32_t hours);  // 24 to 8760
// The period that the stream has already is taken too, and changes nothing.
Result<void> set_retention(const Context& ctx, const StreamPtr& stream, std::int32_t hours);

}  // namespace hydrant::kinesis
