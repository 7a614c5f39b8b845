// Amazon Kinesis Data Streams, API version 2013-12-02.
#pragma once
#include <cstdint>
#include <string>

#include "aws/gap_sink.h"
#include "aws/hints.h"
#include "aws/service.h"
#include "aws/token.h"
#include "core/clock.h"
#include "engine/streams/registry.h"
#include "services/kinesis/account_settings.h"
#include "services/kinesis/call_rates.h"
#include "services/kinesis/kms_keys.h"

namespace hydrant::kinesis {

// The account's quotas; AWS raises them on request.
struct Quotas {
  std::int64_t shards_large_region = 20'000;  // us-east-1, us-west-2, eu-west-1
  std::int64_t shards = 6'000;
  std::int64_t on_demand_streams = 50;
  std::int64_t streams_creating = 5;
  std::int64_t shards_of_update = 10'000;  // the most that UpdateShardCount goes to
  std::int64_t shards_in(const std::string& region) const;
};

// What the operations work with. The references outlive the service.
struct Environment {
  streams::Registry& registry;
  Clock& clock;
  aws::TokenSealer& tokens;
  aws::GapSink& gaps;
  Quotas quotas;
  aws::Hints* hints = nullptr;             // null: none are given
  CallRates* rates = nullptr;              // null: calls of the control plane are not limited
  const aws::KmsKeys* kms_keys = nullptr;  // those that refuse to work; null: none
};

class Service final : public aws::Service {
 public:
  explicit Service(const Environment& environment) : environment_(environment) {}

  std::string_view target_prefix() const override { return "Kinesis_20131202"; }
  std::string_view signing_name() const override { return "kinesis"; }
  std::span<const aws::Operation* const> operations() const override;
  aws::Result<void> run(const aws::Operation& operation, const aws::Call& call, aws::Reader& reader,
                        aws::Writer& reply) override;
  aws::Result<std::shared_ptr<net::BodyStream>> open(const aws::Operation& operation,
                                                     const aws::Call& call,
                                                     aws::Reader& reader) override;
  bool empty_reply_is_document() const override { return false; }
  void reset() { accounts_.clear(); }  // what it keeps of accounts

 private:
  Environment environment_;
  AccountSettings accounts_;
};

}  // namespace hydrant::kinesis
