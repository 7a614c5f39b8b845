#include "services/sts/service.h"

#include <array>

#include "services/sts/operation.h"

namespace hydrant::sts {

#define HYDRANT_OPERATION(name) extern const Operation k##name;
#include "services/sts/operations.def"
#undef HYDRANT_OPERATION

const aws::Operation* Service::find(std::string_view operation) const {
#define HYDRANT_OPERATION(name) &k##name,
  static constexpr std::array kOperations{
#include "services/sts/operations.def"
  };
#undef HYDRANT_OPERATION
  for (const auto* candidate : kOperations)
    if (candidate->name == operation) return candidate;
  return nullptr;
}

aws::Result<void> Service::run(const aws::Operation& operation, const aws::Call& call,
                               aws::Reader& reader, aws::Writer& reply) {
  constexpr bool kShowValues = true;
  Context context{call};
  return operation.run(&context, reader, kShowValues, reply);
}

}  // namespace hydrant::sts
