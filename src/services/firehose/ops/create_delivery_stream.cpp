// CreateDeliveryStream, and the delivery streams of the configuration file, which are the same
// request without a caller.
#include <algorithm>

#include "aws/arn.h"
#include "services/firehose/destination_choice.h"
#include "services/firehose/json_access.h"
#include "services/firehose/not_emulated.h"
#include "services/firehose/operation.h"
#include "services/firehose/s3_destination.h"
#include "services/firehose/shapes/requests.h"

namespace hydrant::firehose {
namespace {

constexpr Text kKinesisSource = "KinesisStreamSourceConfiguration";

Text type_of(const Json& in) {
  const auto* type = member(in, "DeliveryStreamType");
  return type == nullptr ? kDirectPut : Text(type->get_ref<const std::string&>());
}

std::optional<Error> check_free(const Context& ctx, const delivery::DeliveryStreamId& id) {
  auto& registry = ctx.environment.registry;
  if (registry.find(id)) return already_exists(id);
  const auto streams = registry.list(id.account, id.region);
  if (static_cast<std::int64_t>(streams.size()) < ctx.environment.delivery_streams_max)
    return std::nullopt;
  std::string names;
  for (const auto& stream : streams) {
    if (!names.empty()) names += ", ";
    names += stream->id().name;
  }
  return Error::limit_exceeded("You have already consumed your firehose quota of " +
                               std::to_string(ctx.environment.delivery_streams_max) +
                               " hoses. Firehose names: [" + names + "]");
}

// A source configuration that comes with another type of delivery stream is ignored, as on AWS.
std::optional<Error> check_source(const Context& ctx, const Json& in) {
  const auto type = type_of(in);
  if (type == kDirectPut) return std::nullopt;
  if (type == "MSKAsSource" && !in.contains("MSKSourceConfiguration"))
    return Error::invalid_argument("MSKSourceConfig is mandatory for MSK as Source stream type.");
  if (type == "DatabaseAsSource" && !in.contains("IcebergDestinationConfiguration"))
    return Error::invalid_argument(
        "IcebergDestinationConfiguration must be specified for Database as Source.");
  if (type != kKinesisStreamAsSource)
    return Error::invalid_argument("hydrant does not read sources of type " + std::string(type) +
                                   " yet, only KinesisStreamAsSource.");
  const auto* source = member(in, kKinesisSource);
  if (source == nullptr)
    return Error::invalid_argument(
        "KinesisSourceStreamConfig is mandatory for KinesisStreamAsSource stream type.");
  const auto arn = text_of(*source, "KinesisStreamARN");
  if (ctx.environment.streams.find(source_id(arn))) return std::nullopt;
  return Error::invalid_argument("The source stream " + arn + " does not exist.");
}

std::optional<Error> check_encryption(const Context& ctx, const Json& in) {
  const auto* encryption = member(in, "DeliveryStreamEncryptionConfigurationInput");
  if (encryption == nullptr) return std::nullopt;
  if (type_of(in) != kDirectPut)
    return Error::invalid_argument(
        "Server side encryption from firehose is only allowed for direct put delivery streams and "
        "database as a source delivery streams");
  const bool has_key = encryption->contains("KeyARN");
  if (text_of(*encryption, "KeyType") == "AWS_OWNED_CMK") {
    if (!has_key) return std::nullopt;
    return Error::invalid_argument("KeyARN cannot be specified when KeyType is AWS_OWNED_CMK");
  }
  if (!has_key)
    return Error::invalid_argument(
        "KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK");
  const auto key = aws::Arn::parse(text_of(*encryption, "KeyARN"));
  if (key && key->region == ctx.call.region) return std::nullopt;
  return Error::invalid_argument(
      "Cross-region keys are not allowed for SSE. Please provide CMKs in the same region as "
      "firehose");
}

std::optional<Error> note_gaps(const Context& ctx, const std::string& where, const Json& in,
                               const std::string& destination) {
  auto& gaps = ctx.environment.gaps;
  const std::pair<const char*, const char*> harmless[] = {
      {"DirectPutSourceConfiguration", "The throughput hint has no effect."},
      {"DeliveryStreamEncryptionConfigurationInput",
       "Records are held in memory as they came; the status stays DISABLED."},
      {"Tags", "Tags of delivery streams are not kept."}};
  for (const auto& [name, why] : harmless) {
    if (!in.contains(name)) continue;
    if (auto refused = gaps.note(where, name, why)) return refused;
  }
  return note_s3_gaps(gaps, where, destination, in[destination]);
}

delivery::DeliveryStreamSettings settings_of(const delivery::DeliveryStreamId& id, const Json& in,
                                             const delivery::S3Settings& s3) {
  delivery::DeliveryStreamSettings settings;
  settings.id = id;
  settings.s3 = s3;
  if (type_of(in) == kDirectPut) return settings;
  const Json& source = *member(in, kKinesisSource);
  settings.source_type = delivery::SourceType::kinesis_stream;
  settings.source.arn = text_of(source, "KinesisStreamARN");
  settings.source.role_arn = text_of(source, "RoleARN");
  settings.source.stream = source_id(settings.source.arn);
  return settings;
}

struct Plan {
  delivery::DeliveryStreamSettings settings;
  std::shared_ptr<StoredDestination> attachment;
};

// All that comes before the delivery stream is there. `where`: what gaps are said to stand in.
Result<Plan> prepare(const Context& ctx, const std::string& where, const Json& in) {
  const auto destination = choose_destination(in, "DestinationConfiguration");
  if (!destination) return destination.error();
  const auto id = ctx.identify(text_of(in, "DeliveryStreamName"));
  if (auto error = check_free(ctx, id)) return *std::move(error);
  if (auto error = check_source(ctx, in)) return *std::move(error);
  if (auto error = check_encryption(ctx, in)) return *std::move(error);
  if (auto error = refuse_unless_s3(*destination)) return *std::move(error);

  auto s3 = configure_s3(in[destination->member], ctx.environment.lenient_partitioning);
  if (!s3) return s3.error();
  if (auto refused = note_gaps(ctx, where + " " + id.name, in, destination->member))
    return *std::move(refused);
  return Plan{settings_of(id, in, s3->settings),
              std::make_shared<StoredDestination>(std::move(s3->description))};
}

Result<void> create_delivery_stream(Context& ctx, const Json& in, Writer& reply) {
  const auto plan = prepare(ctx, "CreateDeliveryStream", in);
  if (!plan) return plan.error();
  const auto stream = ctx.environment.registry.create(plan->settings, plan->attachment);
  if (!stream) return already_exists(plan->settings.id);
  reply.begin_map().member("DeliveryStreamARN", stream->arn()).end_map();
  return {};
}

}  // namespace

extern const Operation kCreateDeliveryStream =
    aws::document_operation<&create_delivery_stream, &shapes::create_delivery_stream>(
        "CreateDeliveryStream");

Result<void> create_configured(Environment& environment, const aws::Call& call, const Json& body) {
  const auto in = aws::check_document(body, shapes::create_delivery_stream(), kShowValues);
  if (!in) return in.error();
  const Context ctx{environment, call};
  const auto plan = prepare(ctx, "deliveryStreams", *in);
  if (!plan) return plan.error();
  if (!environment.registry.create_active(plan->settings, plan->attachment))
    return already_exists(plan->settings.id);
  return {};
}

}  // namespace hydrant::firehose
