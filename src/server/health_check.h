// hydrant --health: is the server of these options serving? For a container's health check.
#pragma once
#include "hydrant/options.h"

namespace hydrant::server {

bool check_health(const Options& options);

}  // namespace hydrant::server
