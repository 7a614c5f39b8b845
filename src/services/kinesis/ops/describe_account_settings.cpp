// DescribeAccountSettings: of the caller's account and region.
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

struct Input {
  static constexpr auto shape() { return fields(); }
};

Result<void> describe_account_settings(Context& ctx, const Input&, Writer& reply) {
  write_commitment(reply, ctx.accounts.commitment(ctx.call.account, ctx.call.region, ctx.now()));
  return {};
}

}  // namespace

extern const Operation kDescribeAccountSettings =
    operation<&describe_account_settings>("DescribeAccountSettings");

}  // namespace hydrant::kinesis
