// What GET /_hydrant/state and GET /_hydrant/metrics tell.
#pragma once
#include <string>

#include "server/parts.h"

namespace hydrant::server {

std::string state_json(Parts& parts);
std::string metrics_text(Parts& parts);  // Prometheus: CloudWatch's names in snake case

}  // namespace hydrant::server
