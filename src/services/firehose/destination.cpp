#include "services/firehose/destination.h"

#include <algorithm>
#include <utility>

#include "services/firehose/destinations/destination_type.h"
#include "services/firehose/json_access.h"
#include "services/firehose/s3_destination.h"
#include "services/firehose/shapes/requests.h"

namespace hydrant::firehose {
namespace {

using aws::Error;
using aws::Json;
using aws::Result;
using Text = std::string_view;

Text family_of(Text kind) { return kind == shapes::kS3 ? shapes::kExtendedS3 : kind; }

// Between these a delivery stream may move.
bool may_change(Text kind) {
  return kind == shapes::kExtendedS3 || kind == "Redshift" || kind == "Splunk";
}

// What names its places in S3 as an update does, in the words of a configuration.
Json as_configuration(const Json& update) {
  constexpr std::pair<Text, Text> kWords[] = {{"S3Update", "S3Configuration"},
                                              {"S3BackupUpdate", "S3BackupConfiguration"}};
  Json configuration = Json::object();
  for (const auto& [name, value] : update.items()) {
    const auto word = std::ranges::find(kWords, Text(name), &std::pair<Text, Text>::first);
    configuration[word == std::end(kWords) ? name : std::string(word->second)] = value;
  }
  return configuration;
}

// Hints that say nothing leave the stored ones as they are.
Json without_empty_hints(const Json& update) {
  Json said = Json::object();
  for (const auto& [name, value] : update.items()) {
    const bool is_place = name == "S3Update" || name == "S3BackupUpdate";
    if (name != "BufferingHints" || !value.empty())
      said[name] = is_place ? without_empty_hints(value) : value;
  }
  return said;
}

// Nothing is merged, so the update has to have all that a creation needs.
Result<Configured> change_kind(Text from, const DestinationChoice& choice, const Json& update,
                               const Terms& terms) {
  const Text to = family_of(choice.kind);
  if (!may_change(to) || !may_change(from))
    return Error::invalid_argument("Changing the destination type to or from " +
                                   std::string(may_change(to) ? from : to) +
                                   " is not supported at this time.");
  aws::Shape shape;
  shape.members = {{choice.member, shapes::complete_update(choice.kind)}};
  constexpr bool kShowValues = false;
  const auto complete = aws::check_document({{choice.member, update}}, shape, kShowValues);
  if (!complete) return complete.error();
  return configure(choice.kind, as_configuration((*complete)[choice.member]), terms);
}

}  // namespace

Result<Configured> configure(Text kind, const Json& configuration, const Terms& terms) {
  if (family_of(kind) == shapes::kExtendedS3) return configure_s3(configuration, terms);
  return configure_other(destination_type(kind), configuration, terms);
}

Result<Configured> update(const Destination& stored, const DestinationChoice& choice,
                          const Json& update, const Terms& terms) {
  if (family_of(choice.kind) != stored.kind) return change_kind(stored.kind, choice, update, terms);
  const Json said = without_empty_hints(update);
  if (stored.kind == shapes::kExtendedS3) return update_s3(stored.members, said, terms);
  return update_other(destination_type(stored.kind), stored.members, as_configuration(said), terms);
}

Json describe(const Destination& destination) {
  if (destination.kind == shapes::kExtendedS3)
    return {{"S3DestinationDescription", plain_s3_description(destination.members)},
            {"ExtendedS3DestinationDescription", destination.members}};
  return {{std::string(destination.kind) + "DestinationDescription",
           describe_other(destination_type(destination.kind), destination.members)}};
}

}  // namespace hydrant::firehose
