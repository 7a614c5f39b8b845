// AWS Security Token Service, API version 2011-06-15: as much of it as clients of the streaming
// services need. The Kinesis Producer Library asks who it is before it sends anything.
#pragma once
#include "aws/service.h"

namespace hydrant::sts {

// Thread-safe: it has no state.
class Service final : public aws::Service {
 public:
  std::string_view target_prefix() const override { return "AWSSecurityTokenServiceV20110615"; }
  std::string_view signing_name() const override { return "sts"; }
  std::optional<aws::QueryFace> query_face() const override {
    return aws::QueryFace{"2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/"};
  }
  std::span<const aws::Operation* const> operations() const override;
  aws::Result<void> run(const aws::Operation& operation, const aws::Call& call, aws::Reader& reader,
                        aws::Writer& reply) override;
  bool empty_reply_is_document() const override { return false; }
};

}  // namespace hydrant::sts
