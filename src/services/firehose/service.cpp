#include "services/firehose/service.h"

#include <array>

#include "services/firehose/operation.h"

namespace hydrant::firehose {

#define HYDRANT_OPERATION(name) extern const Operation k##name;
#include "services/firehose/operations.def"
#undef HYDRANT_OPERATION

// Twelve names at the most: looking through them costs less than hashing one.
const aws::Operation* Service::find(std::string_view operation) const {
#define HYDRANT_OPERATION(name) &k##name,
  static constexpr std::array kOperations{
#include "services/firehose/operations.def"
  };
#undef HYDRANT_OPERATION
  for (const auto* candidate : kOperations)
    if (candidate->name == operation) return candidate;
  return nullptr;
}

aws::Result<void> Service::run(const aws::Operation& operation, const aws::Call& call,
                               aws::Reader& reader, aws::Writer& reply) {
  Context context{environment_, call};
  return operation.run(&context, reader, kShowValues, reply);
}

}  // namespace hydrant::firehose
