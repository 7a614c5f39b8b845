// The version of this source tree, the same as that of the build system.
#pragma once

namespace hydrant {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace hydrant
