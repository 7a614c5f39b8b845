// Where reading begins: GetShardIterator and SubscribeToShard ask for it in the same words.
#pragma once
#include <cstdint>
#include <optional>

#include "services/kinesis/operation.h"

namespace hydrant::kinesis {

// In the order in which the service lists them.
inline constexpr std::string_view kStartingPositions[] = {
    "AFTER_SEQUENCE_NUMBER", "LATEST", "AT_TIMESTAMP", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"};

struct StartingPosition {
  Text type;  // one of kStartingPositions
  std::optional<Text> sequence_number;
  std::optional<TimePoint> timestamp;
};

// As Shard::read takes it. `operation` is what the refusals name.
Result<std::uint64_t> position_in(const Context& ctx, const streams::StreamId& id,
                                  const streams::Shard& shard, const StartingPosition& wanted,
                                  Text operation);

}  // namespace hydrant::kinesis
