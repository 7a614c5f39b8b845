// UpdateDestination: what the request leaves out stays as it is. Two callers that know the same
// version cannot both succeed: the checks are made without a lock, and the version again at the
// end.
#include "services/firehose/destination_choice.h"
#include "services/firehose/json_access.h"
#include "services/firehose/not_emulated.h"
#include "services/firehose/operation.h"
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

Result<void> update_destination(Context& ctx, const Json& in, Writer&) {
  const auto choice = choose_destination(in, "DestinationUpdate");
  if (!choice) return choice.error();
  const auto id = ctx.identify(text_of(in, "DeliveryStreamName"));
  const auto stream = ctx.environment.registry.find(id);
  if (!stream) return update_not_found(id);
  if (const auto status = status_of(*stream); status != "ACTIVE")
    return in_state(id, status, "updated");

  auto& stored = Attachment::of(*stream);
  const auto view = stored.view(*stream);
  const auto version = text_of(in, "CurrentDeliveryStreamVersionId");
  if (version != view.version_id) return version_mismatch(id.name, view.version_id, version);
  const auto destination_id = text_of(in, "DestinationId");
  if (destination_id != kDestinationId)
    return Error::invalid_argument("Destination Id " + destination_id + " not found");

  const Json& given = in[choice->member];
  auto configured = update(view.destination, *choice, given, terms_of(ctx));
  if (!configured) return configured.error();
  if (auto refused = note_destination_gaps(ctx.environment.gaps, "UpdateDestination " + id.name,
                                           *choice, given))
    return *std::move(refused);
  if (!stored.update(*stream, version, *std::move(configured)))
    return version_mismatch(id.name, stream->version_id(), version);
  return {};
}

}  // namespace

extern const Operation kUpdateDestination =
    aws::document_operation<&update_destination, &shapes::update_destination>("UpdateDestination");

}  // namespace hydrant::firehose
