// Amazon CloudWatch, API version 2010-08-01: a sink for the metrics that producers and consumers of
// streams send whether anybody looks at them or not.
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "aws/service.h"
#include "core/mutex.h"

namespace hydrant::cloudwatch {

// What has come in, by namespace; the values themselves are dropped. Thread-safe.
class Sink {
 public:
  // Beyond them a new namespace is counted under "(others)".
  static constexpr std::size_t kNamespacesMax = 1'000;

  void count(std::string_view name, std::size_t data) EXCLUDES(mutex_);
  std::map<std::string, std::uint64_t> counts() const EXCLUDES(mutex_);
  void clear() EXCLUDES(mutex_);

 private:
  mutable Mutex mutex_;
  std::map<std::string, std::uint64_t> counts_ GUARDED_BY(mutex_);
};

// Thread-safe. The sink outlives it.
class Service final : public aws::Service {
 public:
  explicit Service(Sink& sink) : sink_(sink) {}

  std::string_view target_prefix() const override { return "GraniteServiceVersion20100801"; }
  std::string_view signing_name() const override { return "monitoring"; }
  std::optional<aws::QueryFace> query_face() const override {
    return aws::QueryFace{"2010-08-01", "http://monitoring.amazonaws.com/doc/2010-08-01/"};
  }
  std::span<const aws::Operation* const> operations() const override;
  aws::Result<void> run(const aws::Operation& operation, const aws::Call& call, aws::Reader& reader,
                        aws::Writer& reply) override;
  bool empty_reply_is_document() const override { return false; }

 private:
  Sink& sink_;
};

}  // namespace hydrant::cloudwatch
