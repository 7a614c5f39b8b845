#include "services/firehose/service.h"

#include <array>

#include "services/firehose/operation.h"

namespace hydrant::firehose {

#define HYDRANT_OPERATION(name) extern const Operation k##name;
#include "services/firehose/operations.def"
#undef HYDRANT_OPERATION

std::span<const aws::Operation* const> Service::operations() const {
#define HYDRANT_OPERATION(name) &k##name,
  static constexpr std::array kOperations{
#include "services/firehose/operations.def"
  };
#undef HYDRANT_OPERATION
  return kOperations;
}

aws::Result<void> Service::run(const aws::Operation& operation, const aws::Call& call,
                               aws::Reader& reader, aws::Writer& reply) {
  Context context{environment_, call};
  return operation.run(&context, reader, kShowValues, reply);
}

}  // namespace hydrant::firehose
