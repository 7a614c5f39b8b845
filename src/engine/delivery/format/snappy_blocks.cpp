#include "engine/delivery/format/snappy_blocks.h"

#include <snappy.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace hydrant::delivery {
namespace {

constexpr std::size_t kBlockBytesMax = 32 * 1024;
// Its magic number, then version and the oldest version that can read it: both 1.
constexpr std::string_view kJavaHeader("\x82SNAPPY\0\0\0\0\1\0\0\0\1", 16);
constexpr std::size_t kLengthBytes = 4;

void write_length(char* to, std::size_t length) {
  for (std::size_t i = 0; i < kLengthBytes; ++i)
    to[i] = static_cast<char>(length >> (8 * (kLengthBytes - 1 - i)));
}

// Every block behind its compressed length, and that behind the block's own length if asked for.
void append_blocks(Payload& to, std::string_view bytes, bool with_own_length) {
  const std::size_t head = with_own_length ? 2 * kLengthBytes : kLengthBytes;
  while (!bytes.empty()) {
    const auto block = bytes.substr(0, kBlockBytesMax);
    char* at = to.reserve_more(head + snappy::MaxCompressedLength(block.size()));
    std::size_t size = 0;
    snappy::RawCompress(block.data(), block.size(), at + head, &size);
    if (with_own_length) write_length(at, block.size());
    write_length(at + head - kLengthBytes, size);
    to.commit(head + size);
    bytes.remove_prefix(block.size());
  }
}

}  // namespace

Payload snappy_java(std::string_view bytes) {
  Payload stream;
  stream.append(kJavaHeader);
  append_blocks(stream, bytes, false);
  return stream;
}

Payload hadoop_snappy(std::string_view bytes) {
  Payload stream;
  append_blocks(stream, bytes, true);
  return stream;
}

}  // namespace hydrant::delivery
