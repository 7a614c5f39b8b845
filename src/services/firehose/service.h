// Amazon Data Firehose, API version 2015-08-04.
#pragma once
#include <cstdint>

#include "aws/document.h"
#include "aws/gap_sink.h"
#include "aws/hints.h"
#include "aws/kms_keys.h"
#include "aws/service.h"
#include "core/clock.h"
#include "core/random.h"
#include "engine/delivery/delivery_registry.h"
#include "engine/streams/registry.h"

namespace hydrant::firehose {

// What the operations work with. The references outlive the service.
struct Environment {
  delivery::DeliveryRegistry& registry;
  streams::Registry& streams;  // sources of delivery streams; the one that `registry` reads from
  Clock& clock;
  Random& random;
  aws::GapSink& gaps;
  // Takes partitioning that AWS refuses although its meaning is plain
  // (firehose.lenientPartitioning).
  bool lenient_partitioning = false;
  const aws::KmsKeys* kms_keys = nullptr;     // those that refuse to work; null: none
  Duration encryption_delay{0};               // from ENABLING to ENABLED, and back
  bool limits_encryption_changes = false;     // to 25 a day for each delivery stream
  std::int64_t delivery_streams_max = 5'000;  // in an account and region; AWS raises it on request
  aws::Hints* hints = nullptr;                // null: none are given
};

class Service final : public aws::Service {
 public:
  explicit Service(Environment environment) : environment_(environment) {}

  std::string_view target_prefix() const override { return "Firehose_20150804"; }
  std::string_view signing_name() const override { return "firehose"; }
  std::span<const aws::Operation* const> operations() const override;
  aws::Result<void> run(const aws::Operation& operation, const aws::Call& call, aws::Reader& reader,
                        aws::Writer& reply) override;
  bool empty_reply_is_document() const override { return true; }

 private:
  Environment environment_;
};

// A delivery stream of the configuration file: `body` is what CreateDeliveryStream takes, and is
// checked as that does. It is ACTIVE when this returns; its Kinesis source must exist by then.
aws::Result<void> create_configured(Environment& environment, const aws::Call& call,
                                    const aws::Json& body);

}  // namespace hydrant::firehose
