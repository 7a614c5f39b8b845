// MD5 of short texts, one or sixteen at a time. A PutRecords has up to 500 partition keys, and
// hashing them one by one costs as much as parsing its body. OpenSSL, which is made for long texts,
// spends more on its contexts than on one block. HashKey is the only user.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hydrant::streams {

inline constexpr std::size_t kMd5Lanes = 16;
inline constexpr std::size_t kMd5LaneBytesMax = 55;  // one block with its padding

using Md5Digest = std::array<unsigned char, 16>;

// Each text is of kMd5LaneBytesMax bytes at the most. Thread-safe.
Md5Digest md5_short(std::string_view text);
void md5_lanes(const std::array<std::string_view, kMd5Lanes>& texts,
               std::array<Md5Digest, kMd5Lanes>& digests);

}  // namespace hydrant::streams
