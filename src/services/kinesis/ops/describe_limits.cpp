// DescribeLimits: of the caller's account and region.
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  static constexpr auto shape() { return fields(); }
};

Result<void> describe_limits(Context& ctx, const Input&, Writer& reply) {
  const auto& quotas = ctx.environment.quotas;
  reply.begin_map().member("ShardLimit", quotas.shards_in(ctx.call.region));
  reply.member("OpenShardCount", ctx.open_shards_in_account());
  reply.member("OnDemandStreamCount", ctx.on_demand_streams_in_account());
  reply.member("OnDemandStreamCountLimit", quotas.on_demand_streams).end_map();
  return {};
}

}  // namespace

extern const Operation kDescribeLimits = operation<&describe_limits>("DescribeLimits");

}  // namespace hydrant::kinesis
