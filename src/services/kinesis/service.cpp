#include "services/kinesis/service.h"

#include <array>

#include "services/kinesis/operation.h"

namespace hydrant::kinesis {
namespace {

constexpr bool kShowValues = true;  // in the texts of validation errors

}  // namespace

#define HYDRANT_OPERATION(name) extern const Operation k##name;
#include "services/kinesis/operations.def"
#undef HYDRANT_OPERATION

std::int64_t Quotas::shards_in(const std::string& region) const {
  const bool large = region == "us-east-1" || region == "us-west-2" || region == "eu-west-1";
  return large ? shards_large_region : shards;
}

std::span<const aws::Operation* const> Service::operations() const {
#define HYDRANT_OPERATION(name) &k##name,
  static constexpr std::array kOperations{
#include "services/kinesis/operations.def"
  };
#undef HYDRANT_OPERATION
  return kOperations;
}

aws::Result<void> Service::run(const aws::Operation& operation, const aws::Call& call,
                               aws::Reader& reader, aws::Writer& reply) {
  Context context{environment_, call, accounts_, operation.name};
  if (auto error = context.admit_of_account()) return *std::move(error);
  return operation.run(&context, reader, kShowValues, reply);
}

aws::Result<std::shared_ptr<net::BodyStream>> Service::open(const aws::Operation& operation,
                                                            const aws::Call& call,
                                                            aws::Reader& reader) {
  Context context{environment_, call, accounts_, operation.name};
  return operation.open(&context, reader, kShowValues);
}

}  // namespace hydrant::kinesis
