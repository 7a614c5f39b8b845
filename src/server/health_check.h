// hydrant --health: is the server of these options serving? For a container's health check.
#pragma once
#include <optional>
#include <string>

#include "hydrant/options.h"

namespace hydrant::server {

// Why not, as one sentence; none if it is.
std::optional<std::string> why_not_serving(const Options& options);

}  // namespace hydrant::server
