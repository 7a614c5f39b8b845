// CreateDeliveryStream, and the delivery streams of the configuration file, which are the same
// request without a caller.
#include <algorithm>

#include "services/firehose/destination_choice.h"
#include "services/firehose/json_access.h"
#include "services/firehose/not_emulated.h"
#include "services/firehose/operation.h"
#include "services/firehose/shapes/requests.h"

namespace hydrant::firehose {
namespace {

constexpr Text kKinesisSource = "KinesisStreamSourceConfiguration";
constexpr const char* kEncryption = "DeliveryStreamEncryptionConfigurationInput";

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

// What a source is called, by the type of delivery stream that reads it.
struct SourceKind {
  Text type;
  Text configuration, description;  // in the request, and in SourceDescription
  Text missing;                     // what is said without it; empty: it may be left out
};
constexpr SourceKind kSources[] = {
    {kDirectPut, "DirectPutSourceConfiguration", "DirectPutSourceDescription", ""},
    {kKinesisStreamAsSource, kKinesisSource, "KinesisStreamSourceDescription",
     "KinesisSourceStreamConfig is mandatory for KinesisStreamAsSource stream type."},
    {kMskAsSource, "MSKSourceConfiguration", "MSKSourceDescription",
     "MSKSourceConfig is mandatory for MSK as Source stream type."},
    {kDatabaseAsSource, "DatabaseSourceConfiguration", "DatabaseSourceDescription",
     "DatabaseSourceConfig is mandatory for Database as Source stream type."}};

const SourceKind& source_of(const Json& in) {
  return *std::ranges::find(kSources, type_of(in), &SourceKind::type);
}

// A source configuration that comes with another type of delivery stream is ignored, as on AWS.
std::optional<Error> check_source(const Context& ctx, const Json& in) {
  const SourceKind& kind = source_of(in);
  if (kind.type == kDatabaseAsSource && !in.contains("IcebergDestinationConfiguration"))
    return Error::invalid_argument(
        "IcebergDestinationConfiguration must be specified for Database as Source.");
  const auto* source = member(in, kind.configuration);
  if (source == nullptr && !kind.missing.empty())
    return Error::invalid_argument(std::string(kind.missing));
  if (kind.type != kKinesisStreamAsSource) return std::nullopt;
  const auto arn = text_of(*source, "KinesisStreamARN");
  if (ctx.environment.streams.find(source_id(arn))) return std::nullopt;
  return Error::invalid_argument("The source stream " + arn + " does not exist.");
}

Source describe_source(const Json& in) {
  const SourceKind& kind = source_of(in);
  Source source{std::string(kind.type), nullptr};
  if (const auto* given = member(in, kind.configuration))
    source.description = {{std::string(kind.description), *given}};
  return source;
}

Result<std::optional<KeyChoice>> check_encryption(const Context& ctx, const Json& in) {
  const auto* encryption = member(in, kEncryption);
  if (encryption == nullptr) return std::optional<KeyChoice>();
  if (type_of(in) != kDirectPut && type_of(in) != kDatabaseAsSource) return only_for_direct_put();
  auto key = key_of(ctx, encryption);
  if (!key) return key.error();
  return std::optional<KeyChoice>(*std::move(key));
}

std::optional<Error> note_gaps(const Context& ctx, const std::string& where, const Json& in,
                               const DestinationChoice& destination) {
  auto& gaps = ctx.environment.gaps;
  constexpr const char* kNothingComes = "Nothing is read from it.";
  const std::pair<const char*, const char*> noted[] = {
      {"DirectPutSourceConfiguration", "The throughput hint has no effect."},
      {"MSKSourceConfiguration", kNothingComes},
      {"DatabaseSourceConfiguration", kNothingComes},
      {kEncryption, "Records are marked, not encrypted; the key is not looked up."}};
  for (const auto& [name, why] : noted) {
    const bool is_source = Text(name).ends_with("SourceConfiguration");
    if (!in.contains(name) || (is_source && source_of(in).configuration != name)) continue;
    if (auto refused = gaps.note(where, name, why)) return refused;
  }
  return note_destination_gaps(gaps, where, destination, in[destination.member]);
}

delivery::DeliveryStreamSettings settings_of(const delivery::DeliveryStreamId& id, const Json& in,
                                             const delivery::S3Settings& s3) {
  delivery::DeliveryStreamSettings settings;
  settings.id = id;
  settings.s3 = s3;
  // From other sources nothing comes; the engine sees a delivery stream that nobody may put to.
  if (type_of(in) != kKinesisStreamAsSource) return settings;
  const Json& source = *member(in, kKinesisSource);
  settings.source_type = delivery::SourceType::kinesis_stream;
  settings.source.arn = text_of(source, "KinesisStreamARN");
  settings.source.role_arn = text_of(source, "RoleARN");
  settings.source.stream = source_id(settings.source.arn);
  return settings;
}

struct Plan {
  delivery::DeliveryStreamSettings settings;
  std::shared_ptr<Attachment> attachment;
};

// All that comes before the delivery stream is there. `where`: what gaps are said to stand in.
Result<Plan> prepare(const Context& ctx, const std::string& where, const Json& in) {
  const auto destination = choose_destination(in, "DestinationConfiguration");
  if (!destination) return destination.error();
  const auto id = ctx.identify(text_of(in, "DeliveryStreamName"));
  if (auto error = check_free(ctx, id)) return *std::move(error);
  if (auto error = check_source(ctx, in)) return *std::move(error);
  const auto key = check_encryption(ctx, in);
  if (!key) return key.error();

  auto configured = configure(destination->kind, in[destination->member], terms_of(ctx));
  if (!configured) return configured.error();
  Plan plan{settings_of(id, in, configured->settings), nullptr};
  plan.attachment = std::make_shared<Attachment>(describe_source(in), *std::move(configured));
  if (*key) {
    plan.attachment->creation_failure = grant_failure(ctx, **key);
    plan.attachment->encryption().enable(**key, plan.attachment->creation_failure,
                                         ctx.environment.clock.now());
  }
  if (in.contains("Tags")) {
    const bool stored = plan.attachment->tags().add(tags_of(in["Tags"]));
    if (!stored) return too_many_tags(id);
  }
  if (auto refused = note_gaps(ctx, where + " " + id.name, in, *destination))
    return *std::move(refused);
  return plan;
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
