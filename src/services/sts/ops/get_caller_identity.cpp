// GetCallerIdentity. There are no users here: whoever calls is the root of the account that the
// credentials name.
#include "aws/arn.h"
#include "services/sts/operation.h"

namespace hydrant::sts {
namespace {

struct Input {
  static constexpr auto shape() { return aws::fields(); }
};

Result<void> get_caller_identity(Context& ctx, const Input&, Writer& reply) {
  const auto& account = ctx.call.account;
  reply.begin_map();
  reply.member("Arn", "arn:" + std::string(aws::partition_of(ctx.call.region)) +
                          ":iam::" + account + ":root");
  reply.member("UserId", account).member("Account", account);
  reply.end_map();
  return {};
}

}  // namespace

extern const Operation kGetCallerIdentity = operation<&get_caller_identity>("GetCallerIdentity");

}  // namespace hydrant::sts
