// Compiled for AVX2, so nothing is included here whose functions others might share: xxHash's are
// static. For other processors than x86 it is empty.
#if defined(__x86_64__)
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>

#include "engine/objects/quick_hash.h"

namespace hydrant::objects::detail {

void quick_hash_avx2(const void* bytes, std::size_t size, unsigned char* hash) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes, size));
  std::memcpy(hash, canonical.digest, sizeof canonical.digest);
}

}  // namespace hydrant::objects::detail
#endif
