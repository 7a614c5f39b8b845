// UpdateDestination: what the request leaves out stays as it is. Two callers that know the same
// version cannot both succeed: the checks are made without a lock, and the version again at the
// end.
#include "services/firehose/destination_choice.h"
#include "services/firehose/json_access.h"
#include "services/firehose/not_emulated.h"
#include "services/firehose/operation.h"
#include "services/firehose/s3_destination.h"
#include "services/firehose/shapes/requests.h"

namespace hydrant::firehose {
namespace {

// Every other operation says "under account".
Error update_not_found(const delivery::DeliveryStreamId& id) {
  return Error::not_found("Firehose " + id.name + " under accountId " + id.account + " not found.");
}

Error version_mismatch(const std::string& name, const std::string& current,
                       const std::string& given) {
  return {"ConcurrentModificationException",
          "Cannot update firehose: " + name + " since the current version id: " + current +
              " and specified version id: " + given + " do not match"};
}

std::optional<Error> check_type(const DestinationChoice& choice) {
  if (choice.kind == "Elasticsearch" || choice.kind == "HttpEndpoint")
    return Error::invalid_argument("Changing the destination type to or from " +
                                   std::string(choice.kind) + " is not supported at this time.");
  return refuse_unless_s3(choice);
}

Result<void> update_destination(Context& ctx, const Json& in, Writer&) {
  const auto choice = choose_destination(in, "DestinationUpdate");
  if (!choice) return choice.error();
  const auto id = ctx.identify(text_of(in, "DeliveryStreamName"));
  const auto stream = ctx.environment.registry.find(id);
  if (!stream) return update_not_found(id);
  if (stream->status() == delivery::DeliveryStatus::creating) return still_creating(id, "updated");

  auto& stored = StoredDestination::of(*stream);
  const auto view = stored.view(*stream);
  const auto version = text_of(in, "CurrentDeliveryStreamVersionId");
  if (version != view.version_id) return version_mismatch(id.name, view.version_id, version);
  const auto destination_id = text_of(in, "DestinationId");
  if (destination_id != kDestinationId)
    return Error::invalid_argument("Destination Id " + destination_id + " not found");
  if (auto error = check_type(*choice)) return *std::move(error);

  const Json& update = in[choice->member];
  auto s3 = update_s3(view.description, update, ctx.environment.lenient_partitioning);
  if (!s3) return s3.error();
  if (auto refused = note_s3_gaps(ctx.environment.gaps, "UpdateDestination " + id.name,
                                  choice->member, update))
    return *std::move(refused);
  if (!stored.update(*stream, version, s3->settings, std::move(s3->description)))
    return version_mismatch(id.name, stream->version_id(), version);
  return {};
}

}  // namespace

extern const Operation kUpdateDestination =
    aws::document_operation<&update_destination, &shapes::update_destination>("UpdateDestination");

}  // namespace hydrant::firehose
