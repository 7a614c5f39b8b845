// What GET /_hydrant/state tells.
#pragma once
#include <string>

#include "server/parts.h"

namespace hydrant::server {

std::string state_json(Parts& parts);

}  // namespace hydrant::server
