// UpdateAccountSettings. A commitment holds for a day at least.
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

constexpr std::string_view kStatuses[] = {"ENABLED", "DISABLED"};

struct BillingCommitment {
  Text status;
  static constexpr auto shape() {
    return fields(field("Status", &BillingCommitment::status, one_of(kStatuses)));
  }
};

struct Input {
  BillingCommitment minimum_throughput_billing_commitment;

  static constexpr auto shape() {
    return fields(
        field("MinimumThroughputBillingCommitment", &Input::minimum_throughput_billing_commitment));
  }
};

Result<void> update_account_settings(Context& ctx, const Input& in, Writer& reply) {
  const bool enable = in.minimum_throughput_billing_commitment.status == "ENABLED";
  const auto& [id, account, region] = ctx.call;
  const auto changed = enable ? ctx.accounts.enable(account, region, ctx.now())
                              : ctx.accounts.disable(account, region, ctx.now());
  if (!changed) return changed.error();
  write_commitment(reply, *changed);
  return {};
}

}  // namespace

extern const Operation kUpdateAccountSettings =
    operation<&update_account_settings>("UpdateAccountSettings");

}  // namespace hydrant::kinesis
