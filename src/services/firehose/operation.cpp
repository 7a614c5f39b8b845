#include "services/firehose/operation.h"

#include <algorithm>
#include <utility>

#include "aws/arn.h"
#include "core/base64.h"
#include "services/firehose/json_access.h"

namespace hydrant::firehose {
namespace {

constexpr std::int64_t kMiB = 1024 * 1024;
constexpr int kUnavailable = 503;

Error unavailable(std::string text) {
  return {"ServiceUnavailableException", std::move(text), kUnavailable};
}

std::optional<aws::KmsRefusal> kms_refusal(const Context& context, const KeyChoice& key,
                                           Text action) {
  const auto* keys = context.environment.kms_keys;
  if (keys == nullptr) return std::nullopt;
  return aws::find_kms_refusal(*keys, key.arn, context.call.account, context.call.region, action);
}

// Of a put, with a key that could be had once.
std::optional<Error> key_refusal(const Context& context, const KeyChoice& key) {
  constexpr std::pair<aws::KmsKeyState, const char*> kReasons[] = {
      {aws::KmsKeyState::access_denied, "AccessDeniedException"},
      {aws::KmsKeyState::disabled, "DisabledException"},
      {aws::KmsKeyState::invalid_state, "InvalidStateException"},
      {aws::KmsKeyState::not_found, "NotFoundException"},
      {aws::KmsKeyState::opt_in_required, "OptInRequired"}};
  auto refusal = kms_refusal(context, key, "GenerateDataKey");
  if (!refusal) return std::nullopt;
  if (refusal->key.state == aws::KmsKeyState::throttled) return slow_down();
  Error error{"InvalidKMSResourceException", std::move(refusal->message)};
  for (const auto& [state, reason] : kReasons)
    if (state == refusal->key.state) error.reason = reason;
  return error;
}

// As CloudWatch Logs, who alone may put where records are decompressed, sends it.
bool is_gzip(Text record) { return record.starts_with("\x1f\x8b"); }

}  // namespace

Text status_of(const delivery::DeliveryStream& stream) {
  const auto status = stream.status();
  const bool failed = Attachment::of(stream).creation_failure.has_value();
  if (failed && status == delivery::DeliveryStatus::active) return "CREATING_FAILED";
  return delivery::status_name(status);
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

Terms terms_of(const Context& context) {
  return {context.call.account, context.call.region, context.environment.lenient_partitioning};
}

Error not_found(const delivery::DeliveryStreamId& id) {
  return Error::not_found("Firehose " + id.name + " under account " + id.account + " not found.");
}

Error in_state(const delivery::DeliveryStreamId& id, Text state, Text done) {
  return Error::in_use("Firehose " + id.name + " under accountId " + id.account + " is in " +
                       std::string(state) + " state and cannot be " + std::string(done));
}

Error already_exists(const delivery::DeliveryStreamId& id) {
  return Error::in_use("Firehose " + id.name + " under accountId " + id.account +
                       " already exists");
}

Error too_many_tags(const delivery::DeliveryStreamId& id) {
  return Error::limit_exceeded("Failed to add tags to delivery stream " + id.name +
                               " under account " + id.account +
                               " because a given delivery stream cannot have more than " +
                               std::to_string(kTagsMax) + " tags associated with it.");
}

std::vector<Tag> tags_of(const Json& list) {
  std::vector<Tag> tags;
  for (const auto& given : list) {
    Tag tag{text_of(given, "Key"), std::nullopt};
    if (given.contains("Value")) tag.value = text_of(given, "Value");
    tags.push_back(std::move(tag));
  }
  return tags;
}

streams::StreamId source_id(Text arn) {
  const auto parts = aws::Arn::parse(arn);
  if (!parts) return {};
  const auto name = parts->resource.substr(parts->resource.find('/') + 1);
  return {std::string(parts->account), std::string(parts->region), std::string(name)};
}

std::optional<Failure> grant_failure(const Context& context, const KeyChoice& key) {
  constexpr std::pair<aws::KmsKeyState, Text> kTypes[] = {
      {aws::KmsKeyState::access_denied, "KMS_ACCESS_DENIED"},
      {aws::KmsKeyState::disabled, "DISABLED_KMS_KEY"},
      {aws::KmsKeyState::invalid_state, "INVALID_KMS_KEY"},
      {aws::KmsKeyState::not_found, "KMS_KEY_NOT_FOUND"},
      {aws::KmsKeyState::opt_in_required, "KMS_OPT_IN_REQUIRED"},
      {aws::KmsKeyState::throttled, "UNKNOWN_ERROR"}};
  auto refusal = kms_refusal(context, key, "CreateGrant");
  if (!refusal || refusal->key.after_grant) return std::nullopt;
  const auto type =
      std::ranges::find(kTypes, refusal->key.state, &std::pair<aws::KmsKeyState, Text>::first);
  return Failure{type->second, std::move(refusal->message)};
}

Result<KeyChoice> key_of(const Context& context, const Json* input) {
  if (input == nullptr) return KeyChoice{"AWS_OWNED_CMK", ""};
  KeyChoice key{text_of(*input, "KeyType"), text_of(*input, "KeyARN")};
  if (key.type == "AWS_OWNED_CMK") {
    if (key.arn.empty()) return key;
    return Error::invalid_argument("KeyARN cannot be specified when KeyType is AWS_OWNED_CMK");
  }
  if (key.arn.empty())
    return Error::invalid_argument(
        "KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK");
  const auto arn = aws::Arn::parse(key.arn);
  if (arn && arn->region == context.call.region) return key;
  return Error::invalid_argument(
      "Cross-region keys are not allowed for SSE. Please provide CMKs in the same region as "
      "firehose");
}

Error only_for_direct_put() {
  return Error::invalid_argument(
      "Server side encryption from firehose is only allowed for direct put delivery streams and "
      "database as a source delivery streams");
}

Result<StreamPtr> find_for_encryption(const Context& context, Text name) {
  auto stream = context.find(name);
  if (!stream) return not_found(context.identify(name));
  auto& attachment = Attachment::of(*stream);
  const auto& type = attachment.source().type;
  if (type != kDirectPut && type != kDatabaseAsSource) return only_for_direct_put();
  const auto status = status_of(*stream);
  const auto encryption = attachment.encryption().view(context.environment.clock.now()).status;
  if (status != "ACTIVE") return in_state(stream->id(), status, "changed");
  if (encryption == "ENABLING" || encryption == "DISABLING")
    return in_state(stream->id(), encryption, "changed");
  return stream;
}

std::optional<Error> admit_encryption_change(const Context& context,
                                             const delivery::DeliveryStream& stream) {
  const auto& environment = context.environment;
  if (!environment.limits_encryption_changes) return std::nullopt;
  if (Attachment::of(stream).encryption().admit_change(environment.clock.now()))
    return std::nullopt;
  return Error::limit_exceeded("Rate exceeded for Firehose " + stream.id().name +
                               " under account " + stream.id().account + ".");
}

Result<bool> admit_put(const Context& context, const delivery::DeliveryStream& stream,
                       std::span<const Text> records) {
  auto& attachment = Attachment::of(stream);
  const auto& type = attachment.source().type;
  if (type != kDirectPut)
    return Error::invalid_argument("This operation is not permitted on " + type +
                                   " delivery stream type.");
  if (attachment.creation_failure) return not_found(stream.id());
  if (attachment.decompresses() && !std::ranges::all_of(records, &is_gzip))
    return Error{"InvalidSourceException",
                 "Put to Firehose failed for AccountId: " + stream.id().account +
                     ", FirehoseName: " + stream.id().name +
                     " because the request is not originating from allowed source types."};
  const auto key = attachment.encryption().key_in_use(context.environment.clock.now());
  if (!key) return false;
  if (auto refused = key_refusal(context, *key)) return *std::move(refused);
  return true;
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

namespace {

constexpr std::size_t kBytesOfCall = 144, kBytesOfRecord = 24;  // 224 characters in all

void append_noise(std::string& id, Random& random, std::size_t bytes) {
  char noise[kBytesOfCall];
  random.bytes(noise, bytes);
  append_base64(id, {noise, bytes});
}

}  // namespace

RecordIds::RecordIds(Random& random) : random_(random.next()) {
  append_noise(id_, random_, kBytesOfCall);
}

std::string_view RecordIds::next() {
  id_.resize(base64_encoded_size(kBytesOfCall));
  append_noise(id_, random_, kBytesOfRecord);
  return id_;
}

}  // namespace hydrant::firehose
