// A destination of any kind: from what a request says of it to what Describe shows and the engine
// carries out.
#pragma once
#include <string>
#include <string_view>

#include "aws/document.h"
#include "aws/error.h"
#include "engine/delivery/settings.h"
#include "services/firehose/destination_choice.h"

namespace hydrant::firehose {

struct Destination {
  std::string_view kind;  // one of shapes::kDestinationKinds; ExtendedS3 stands for S3, too
  aws::Json members;      // by the names of its description; defaults and secrets among them
};

struct Configured {
  Destination destination;
  delivery::S3Settings settings;
};

// What a destination is checked against besides itself.
struct Terms {
  std::string account, region;
  // Takes partitioning that AWS refuses although its meaning is plain.
  bool lenient_partitioning = false;
};

// `configuration`: what CreateDeliveryStream says of the chosen destination, its shape checked.
aws::Result<Configured> configure(std::string_view kind, const aws::Json& configuration,
                                  const Terms& terms);

// `update`: what UpdateDestination says. What it leaves out stays as it is in `stored`, unless the
// kind changes: then nothing does.
aws::Result<Configured> update(const Destination& stored, const DestinationChoice& choice,
                               const aws::Json& update, const Terms& terms);

// The members of DestinationDescription behind its id. A destination in S3 has two.
aws::Json describe(const Destination& destination);

}  // namespace hydrant::firehose
