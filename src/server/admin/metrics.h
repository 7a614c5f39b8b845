// What GET /_hydrant/metrics tells.
#pragma once
#include <string>

#include "server/parts.h"

namespace hydrant::server {

// CloudWatch's names in snake case, in the text format of Prometheus.
std::string metrics_text(Parts& parts);

}  // namespace hydrant::server
