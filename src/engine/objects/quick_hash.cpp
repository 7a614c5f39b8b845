#include "engine/objects/quick_hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

namespace hydrant::objects {

QuickHash quick_hash(std::string_view bytes) {
  QuickHash hash;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0) {
    detail::quick_hash_avx2(bytes.data(), bytes.size(), hash.data());
    return hash;
  }
#endif
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
  std::ranges::copy(canonical.digest, hash.begin());
  return hash;
}

}  // namespace hydrant::objects
