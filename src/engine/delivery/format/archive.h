// The formats that libdeflate makes: a gzip stream, and an archive with one entry.
#pragma once
#include <string_view>

#include "engine/delivery/payload.h"

namespace hydrant::delivery {

Payload gzip(std::string_view bytes);

// One deflated entry, last modified at the beginning of DOS time.
Payload zip(std::string_view bytes, std::string_view entry_name);

}  // namespace hydrant::delivery
