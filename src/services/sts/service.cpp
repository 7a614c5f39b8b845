#include "services/sts/service.h"

#include <array>

#include "services/sts/operation.h"

namespace hydrant::sts {

#define HYDRANT_OPERATION(name) extern const Operation k##name;
#include "services/sts/operations.def"
#undef HYDRANT_OPERATION

std::span<const aws::Operation* const> Service::operations() const {
#define HYDRANT_OPERATION(name) &k##name,
  static constexpr std::array kOperations{
#include "services/sts/operations.def"
  };
#undef HYDRANT_OPERATION
  return kOperations;
}

aws::Result<void> Service::run(const aws::Operation& operation, const aws::Call& call,
                               aws::Reader& reader, aws::Writer& reply) {
  constexpr bool kShowValues = true;
  Context context{call};
  return operation.run(&context, reader, kShowValues, reply);
}

}  // namespace hydrant::sts
