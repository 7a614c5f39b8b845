// Shard-level metrics, which EnableEnhancedMonitoring and its counterpart switch on and off.
#pragma once
#include <cstdint>
#include <vector>

#include "services/kinesis/operation.h"

namespace hydrant::kinesis {

// The seven metrics in the order of the model, and the word for all of them.
inline constexpr std::string_view kMetrics[] = {"IncomingBytes",
                                                "IncomingRecords",
                                                "OutgoingBytes",
                                                "OutgoingRecords",
                                                "WriteProvisionedThroughputExceeded",
                                                "ReadProvisionedThroughputExceeded",
                                                "IteratorAgeMilliseconds",
                                                "ALL"};
inline constexpr Rules kMetricName = one_of(kMetrics);
inline constexpr Rules kMetricNames = aws::list_of(kMetricName, 1, 7);

// Bit i stands for kMetrics[i].
std::uint32_t metrics_of(const std::vector<Text>& names);
void write_metrics(Writer& reply, std::uint32_t metrics);  // the list of their names

// Makes `wanted` the stream's metrics and tells of both sets.
Result<void> change_metrics(const Context& ctx, const StreamPtr& stream, std::uint32_t wanted,
                            Writer& reply);

}  // namespace hydrant::kinesis
