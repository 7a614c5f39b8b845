// Which of the destinations a request speaks of.
#pragma once
#include <string>
#include <string_view>

#include "aws/document.h"
#include "aws/error.h"

namespace hydrant::firehose {

struct DestinationChoice {
  std::string_view kind;  // "ExtendedS3"
  std::string member;     // "ExtendedS3DestinationConfiguration"
};

// `suffix`: what members are called behind the kind. Exactly one of them may be there.
aws::Result<DestinationChoice> choose_destination(const aws::Json& request,
                                                  std::string_view suffix);

}  // namespace hydrant::firehose
