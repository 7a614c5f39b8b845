#include "services/kinesis/account_settings.h"

namespace hydrant::kinesis {
namespace {

constexpr std::chrono::hours kCommitmentMin{24};

std::string_view status_name(Commitment::Status status) {
  switch (status) {
    case Commitment::Status::disabled:
      return "DISABLED";
    case Commitment::Status::enabled:
      return "ENABLED";
    case Commitment::Status::enabled_until_earliest_allowed_end:
      return "ENABLED_UNTIL_EARLIEST_ALLOWED_END";
  }
  return "";
}

aws::Error already(const std::string& account, const std::string& region,
                   Commitment::Status status) {
  return aws::Error::validation(
      "Request is invalid. MinimumThroughputBillingCommitment of the account " + account + " in " +
      region + " is in status " + std::string(status_name(status)) + ".");
}

}  // namespace

void write_commitment(aws::Writer& reply, const Commitment& commitment) {
  reply.begin_map().key("MinimumThroughputBillingCommitment").begin_map();
  reply.member("Status", status_name(commitment.status));
  if (commitment.started_at) reply.member("StartedAt", *commitment.started_at);
  if (commitment.ended_at) reply.member("EndedAt", *commitment.ended_at);
  if (commitment.earliest_allowed_end_at)
    reply.member("EarliestAllowedEndAt", *commitment.earliest_allowed_end_at);
  reply.end_map().end_map();
}

Commitment& AccountSettings::current(const std::string& account, const std::string& region,
                                     TimePoint now) {
  auto& commitment = commitments_[{account, region}];
  const bool over = commitment.status == Commitment::Status::enabled_until_earliest_allowed_end &&
                    *commitment.earliest_allowed_end_at <= now;
  if (over) {
    commitment.status = Commitment::Status::disabled;
    commitment.ended_at = commitment.earliest_allowed_end_at;
  }
  return commitment;
}

Commitment AccountSettings::commitment(const std::string& account, const std::string& region,
                                       TimePoint now) {
  MutexLock lock(mutex_);
  return current(account, region, now);
}

// One that is about to end goes on as it began.
aws::Result<Commitment> AccountSettings::enable(const std::string& account,
                                                const std::string& region, TimePoint now) {
  MutexLock lock(mutex_);
  auto& commitment = current(account, region, now);
  if (commitment.status == Commitment::Status::enabled)
    return already(account, region, commitment.status);
  if (commitment.status == Commitment::Status::disabled)
    commitment = {Commitment::Status::enabled, now, std::nullopt, now + kCommitmentMin};
  commitment.status = Commitment::Status::enabled;
  return commitment;
}

aws::Result<Commitment> AccountSettings::disable(const std::string& account,
                                                 const std::string& region, TimePoint now) {
  MutexLock lock(mutex_);
  auto& commitment = current(account, region, now);
  if (commitment.status != Commitment::Status::enabled)
    return already(account, region, commitment.status);
  if (now < *commitment.earliest_allowed_end_at) {
    commitment.status = Commitment::Status::enabled_until_earliest_allowed_end;
  } else {
    commitment.status = Commitment::Status::disabled;
    commitment.ended_at = now;
  }
  return commitment;
}

void AccountSettings::clear() {
  MutexLock lock(mutex_);
  commitments_.clear();
}

}  // namespace hydrant::kinesis
