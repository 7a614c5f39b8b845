#include "services/firehose/operation.h"

#include "aws/arn.h"
#include "core/base64.h"

namespace hydrant::firehose {
namespace {

constexpr std::int64_t kMiB = 1024 * 1024;
constexpr int kUnavailable = 503;

Error unavailable(std::string text) {
  return {"ServiceUnavailableException", std::move(text), kUnavailable};
}

}  // namespace

StoredDestination::View StoredDestination::view(const delivery::DeliveryStream& stream) const {
  MutexLock lock(mutex_);
  return {description_, stream.version_id(), stream.updated_at()};
}

bool StoredDestination::update(delivery::DeliveryStream& stream, const std::string& version_id,
                               const delivery::S3Settings& settings, Json description) {
  MutexLock lock(mutex_);
  if (!stream.update(version_id, settings)) return false;
  description_ = std::move(description);
  return true;
}

Text type_name(const delivery::DeliveryStream& stream) {
  return stream.source_type() == delivery::SourceType::direct_put ? kDirectPut
                                                                  : kKinesisStreamAsSource;
}

StreamPtr Context::find(Text name) const {
  const auto id = identify(name);
  auto stream = environment.registry.find(id);
  if (stream || environment.hints == nullptr) return stream;
  // Most often the client is set up for another account or region.
  for (const auto& other : environment.registry.all()) {
    if (other->id().name == id.name)
      environment.hints->found_elsewhere("delivery stream", id.name, id.account + "/" + id.region,
                                         other->id().account + "/" + other->id().region);
  }
  return nullptr;
}

Error not_found(const delivery::DeliveryStreamId& id) {
  return Error::not_found("Firehose " + id.name + " under account " + id.account + " not found.");
}

Error still_creating(const delivery::DeliveryStreamId& id, Text done) {
  return Error::in_use("Firehose " + id.name + " under accountId " + id.account +
                       " is in CREATING state and cannot be " + std::string(done));
}

Error already_exists(const delivery::DeliveryStreamId& id) {
  return Error::in_use("Firehose " + id.name + " under accountId " + id.account +
                       " already exists");
}

streams::StreamId source_id(Text arn) {
  const auto parts = aws::Arn::parse(arn);
  if (!parts) return {};
  return {parts->account, parts->region, parts->resource.substr(parts->resource.find('/') + 1)};
}

std::optional<Error> put_refusal(const Context& context, const delivery::DeliveryStreamId& id,
                                 delivery::AppendStatus status) {
  switch (status) {
    case delivery::AppendStatus::accepted:
      return std::nullopt;
    case delivery::AppendStatus::not_active:
      return not_found(id);
    case delivery::AppendStatus::wrong_source:
      return Error::invalid_argument(
          "This operation is not permitted on KinesisStreamAsSource delivery stream type.");
    case delivery::AppendStatus::full:
      break;
  }
  const auto& memory = context.environment.streams.environment().memory;
  return unavailable("The records held in memory have reached memory.maxMiB (" +
                     std::to_string(memory.bytes_max() / kMiB) + " MiB).");
}

Error slow_down() { return unavailable("Slow down."); }

void make_record_id(Random& random, std::string& id) {
  constexpr std::size_t kBytes = 168;  // 224 characters
  char noise[kBytes];
  random.bytes(noise, sizeof noise);
  id.clear();
  append_base64(id, {noise, sizeof noise});
}

}  // namespace hydrant::firehose
