// Resource policies: what a document must be to be taken.
#pragma once
#include "services/kinesis/resource.h"

namespace hydrant::kinesis {

std::optional<Error> check_policy(Text document);

}  // namespace hydrant::kinesis
