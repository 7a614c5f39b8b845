#include "services/cloudwatch/service.h"

#include <array>

#include "services/cloudwatch/operation.h"

namespace hydrant::cloudwatch {

#define HYDRANT_OPERATION(name) extern const Operation k##name;
#include "services/cloudwatch/operations.def"
#undef HYDRANT_OPERATION

void Sink::count(std::string_view name, std::size_t data) {
  MutexLock lock(mutex_);
  std::string key(name);
  if (counts_.size() >= kNamespacesMax && !counts_.contains(key)) key = "(others)";
  counts_[key] += data;
}

std::map<std::string, std::uint64_t> Sink::counts() const {
  MutexLock lock(mutex_);
  return counts_;
}

void Sink::clear() {
  MutexLock lock(mutex_);
  counts_.clear();
}

std::span<const aws::Operation* const> Service::operations() const {
#define HYDRANT_OPERATION(name) &k##name,
  static constexpr std::array kOperations{
#include "services/cloudwatch/operations.def"
  };
#undef HYDRANT_OPERATION
  return kOperations;
}

aws::Result<void> Service::run(const aws::Operation& operation, const aws::Call&,
                               aws::Reader& reader, aws::Writer& reply) {
  constexpr bool kShowValues = true;
  Context context{sink_};
  return operation.run(&context, reader, kShowValues, reply);
}

}  // namespace hydrant::cloudwatch
