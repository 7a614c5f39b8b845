#pragma once

namespace hydrant {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace hydrant
