#include "services/kinesis/capacity.h"

namespace hydrant::kinesis {

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

void write_warm_throughput(Writer& reply, std::int32_t asked_for, std::int32_t current) {
  reply.key("WarmThroughput").begin_map();
  reply.member("TargetMiBps", asked_for > 0 ? asked_for : current);
  reply.member("CurrentMiBps", current).end_map();
}

void write_warm_throughput(Writer& reply, const streams::Stream& stream) {
  write_warm_throughput(reply, stream.settings().warm_throughput_mibps,
                        static_cast<std::int32_t>(stream.open_shards().size()));
}

}  // namespace hydrant::kinesis
