#include "services/kinesis/not_emulated.h"

#include <string>

namespace hydrant::kinesis {
namespace {

std::optional<Error> note(const Context& ctx, const streams::StreamId& stream, const char* setting,
                          const char* why) {
  return ctx.environment.gaps.note(std::string(ctx.operation) + " " + stream.name, setting, why);
}

}  // namespace

std::optional<Error> note_dry_run(const Context& ctx, std::optional<bool> given,
                                  const streams::StreamId& stream) {
  if (!given.value_or(false)) return std::nullopt;
  return note(ctx, stream, "DryRun", "The request is carried out.");
}

std::optional<Error> note_creation_timestamp(const Context& ctx, std::optional<TimePoint> given,
                                             const streams::Stream& stream) {
  if (!given || epoch_seconds(*given) == epoch_seconds(stream.created_at())) return std::nullopt;
  return note(ctx, stream.id(), "StreamCreationTimestamp",
              "The stream that has the name now is shown, whenever it was created.");
}

}  // namespace hydrant::kinesis
