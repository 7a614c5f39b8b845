// What an on-demand stream can take: its mode, its warm throughput, and who may have them.
#pragma once
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {

inline constexpr std::string_view kStreamModes[] = {"PROVISIONED", "ON_DEMAND"};
inline constexpr std::int32_t kOnDemandShards = 4;  // of a new stream: 4 MiB/s, 4000 records/s
inline constexpr std::int32_t kWarmThroughputMax = 10 * 1024;  // MiB/s

struct StreamModeDetails {
  Text stream_mode;
  static constexpr auto shape() {
    return fields(field("StreamMode", &StreamModeDetails::stream_mode, one_of(kStreamModes)));
  }
};

// The caller's account has the billing commitment that warm throughput asks for.
bool has_commitment(const Context& ctx);

// Whether a stream of that mode may be given warm throughput, and so much of it.
std::optional<Error> check_warm_throughput(const Context& ctx, const streams::StreamId& id,
                                           streams::Mode mode, std::int32_t mibps);

// One on-demand stream more.
std::optional<Error> check_on_demand_quota(const Context& ctx);

// A shard takes 1 MiB/s: Current is what the open ones take, Target what was asked for, if anything
// was. Of an on-demand stream.
void write_warm_throughput(Writer& reply, std::int32_t asked_for, std::int32_t current);
void write_warm_throughput(Writer& reply, const streams::Stream& stream);

}  // namespace hydrant::kinesis
