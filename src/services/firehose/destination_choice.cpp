#include "services/firehose/destination_choice.h"

#include "services/firehose/shapes/requests.h"

namespace hydrant::firehose {

using aws::Error;

aws::Result<DestinationChoice> choose_destination(const aws::Json& request,
                                                  std::string_view suffix) {
  DestinationChoice choice;
  int count = 0;
  for (const auto kind : shapes::kDestinationKinds) {
    auto name = std::string(kind) + std::string(suffix);
    if (!request.contains(name)) continue;
    ++count;
    choice = {kind, std::move(name)};
  }
  if (count == 1) return choice;
  return Error::invalid_argument(
      "Exactly one destination configuration is supported for a Firehose");
}

}  // namespace hydrant::firehose
