#include "services/kinesis/retention.h"

namespace hydrant::kinesis {
namespace {

constexpr std::int32_t kHoursMin = 24;
constexpr std::int32_t kHoursMax = 8760;

}  // namespace

std::optional<Error> check_retention(std::int32_t hours) {
  const auto requested = " hours. Requested retention period (" + std::to_string(hours) + " hours)";
  if (hours < kHoursMin)
    return Error::invalid_argument("Minimum allowed retention period is " +
                                   std::to_string(kHoursMin) + requested + " is too short.");
  if (hours > kHoursMax)
    return Error::invalid_argument("Maximum allowed retention period is " +
                                   std::to_string(kHoursMax) + requested + " is too long.");
  return std::nullopt;
}

Result<void> set_retention(const Context& ctx, const StreamPtr& stream, std::int32_t hours) {
  if (stream->settings().retention_hours == hours) return {};
  if (!ctx.environment.registry.set_retention(stream, hours))
    return not_active(stream->id(), stream->status());
  return {};
}

}  // namespace hydrant::kinesis
