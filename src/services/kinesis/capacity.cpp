#include "services/kinesis/capacity.h"

namespace hydrant::kinesis {
namespace {

constexpr std::int32_t kWarmThroughputMax = 10 * 1024;  // MiB/s

}  // namespace

bool has_commitment(const Context& ctx) {
  return ctx.accounts.commitment(ctx.call.account, ctx.call.region, ctx.now()).in_force();
}

std::optional<Error> check_warm_throughput(const Context& ctx, const streams::StreamId& id,
                                           streams::Mode mode, std::int32_t mibps) {
  const auto stream = "Stream " + id.name + " under account " + id.account;
  if (mode == streams::Mode::provisioned)
    return Error::validation("Request is invalid. " + stream +
                             " is in Provisioned mode; WarmThroughputMiBps needs On-Demand mode.");
  if (!has_commitment(ctx))
    return Error::validation("Request is invalid. WarmThroughputMiBps needs the account " +
                             ctx.call.account +
                             " to have MinimumThroughputBillingCommitment enabled.");
  if (mibps > kWarmThroughputMax)
    return Error::validation("Request is invalid. WarmThroughputMiBps " + std::to_string(mibps) +
                             " is greater than " + std::to_string(kWarmThroughputMax) + ".");
  return std::nullopt;
}

std::optional<Error> check_on_demand_quota(const Context& ctx) {
  const auto limit = ctx.environment.quotas.on_demand_streams;
  const auto count = ctx.on_demand_streams_in_account();
  if (count < limit) return std::nullopt;
  return Error::limit_exceeded(
      "This request would exceed the limit on the number of On-Demand streams for the account " +
      ctx.call.account + " in " + ctx.call.region + ". Current On-Demand streams count: " +
      std::to_string(count) + ". Limit: " + std::to_string(limit) + ".");
}

void write_warm_throughput(Writer& reply, const streams::Stream& stream) {
  const auto current = static_cast<std::int32_t>(stream.open_shards().size());
  const auto target = stream.settings().warm_throughput_mibps;
  reply.key("WarmThroughput").begin_map().member("TargetMiBps", target > 0 ? target : current);
  reply.member("CurrentMiBps", current).end_map();
}

}  // namespace hydrant::kinesis
