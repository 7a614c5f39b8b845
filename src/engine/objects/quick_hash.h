// QuickHash: 128 bits of a hash at the speed of memory (XXH3), the same on every machine.
#pragma once
#include <array>
#include <cstddef>
#include <string_view>

namespace hydrant::objects {

using QuickHash = std::array<unsigned char, 16>;

QuickHash quick_hash(std::string_view bytes);

// What quick_hash() calls where the processor has AVX2.
namespace detail {
void quick_hash_avx2(const void* bytes, std::size_t size, unsigned char* hash);
}  // namespace detail

}  // namespace hydrant::objects
