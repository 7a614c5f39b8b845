#include "engine/delivery/format/archive.h"

#include <libdeflate.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace hydrant::delivery {
namespace {

constexpr int kLevel = 6;

using Compressor = std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)>;

Compressor make_compressor() {
  Compressor compressor(libdeflate_alloc_compressor(kLevel), &libdeflate_free_compressor);
  if (compressor == nullptr) throw std::bad_alloc();
  return compressor;
}

constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::uint32_t kCentralSignature = 0x02014b50;
constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint16_t kVersion = 20;  // 2.0: the first that knows Deflate
constexpr std::uint16_t kDeflated = 8;
constexpr std::uint16_t kMidnight = 0;
constexpr std::uint16_t kFirstDay = (1 << 5) | 1;  // 1 January 1980

void append_u16(Payload& to, std::size_t value) {
  const char bytes[] = {static_cast<char>(value), static_cast<char>(value >> 8)};
  to.append({bytes, sizeof bytes});
}
void append_u32(Payload& to, std::size_t value) {
  append_u16(to, value);
  append_u16(to, value >> 16);
}

struct Entry {
  std::string_view name;
  std::uint32_t crc = 0;
  std::size_t compressed_size = 0, size = 0;
};

// What the local header and the central directory say alike.
void append_entry(Payload& to, const Entry& entry) {
  append_u16(to, kVersion);
  append_u16(to, 0);  // flags: sizes stand in the header, the name is ASCII
  append_u16(to, kDeflated);
  append_u16(to, kMidnight);
  append_u16(to, kFirstDay);
  append_u32(to, entry.crc);
  append_u32(to, entry.compressed_size);
  append_u32(to, entry.size);
  append_u16(to, entry.name.size());
  append_u16(to, 0);  // extra field
}

void append_local_header(Payload& to, const Entry& entry) {
  append_u32(to, kLocalSignature);
  append_entry(to, entry);
  to.append(entry.name);
}

void append_directory(Payload& to, const Entry& entry) {
  const std::size_t begin = to.size();
  append_u32(to, kCentralSignature);
  append_u16(to, kVersion);
  append_entry(to, entry);
  append_u16(to, 0);  // comment
  append_u16(to, 0);  // disk
  append_u16(to, 0);  // internal attributes
  append_u32(to, 0);  // external attributes
  append_u32(to, 0);  // where the local header is
  to.append(entry.name);
  const std::size_t size = to.size() - begin;
  append_u32(to, kEndSignature);
  append_u16(to, 0);  // this disk
  append_u16(to, 0);  // the disk of the directory
  append_u16(to, 1);  // entries on this disk
  append_u16(to, 1);  // entries
  append_u32(to, size);
  append_u32(to, begin);
  append_u16(to, 0);  // comment
}

}  // namespace

Payload gzip(std::string_view bytes) {
  const auto compressor = make_compressor();
  const std::size_t size_max = libdeflate_gzip_compress_bound(compressor.get(), bytes.size());
  Payload compressed;
  char* to = compressed.reserve_more(size_max);
  compressed.commit(
      libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), to, size_max));
  return compressed;
}

Payload zip(std::string_view bytes, std::string_view entry_name) {
  const auto compressor = make_compressor();
  const std::size_t size_max = libdeflate_deflate_compress_bound(compressor.get(), bytes.size());
  Payload deflated;
  char* to = deflated.reserve_more(size_max);
  deflated.commit(
      libdeflate_deflate_compress(compressor.get(), bytes.data(), bytes.size(), to, size_max));
  const Entry entry{entry_name, libdeflate_crc32(0, bytes.data(), bytes.size()), deflated.size(),
                    bytes.size()};
  Payload archive;
  append_local_header(archive, entry);
  archive.append(deflated.view());
  append_directory(archive, entry);
  return archive;
}

}  // namespace hydrant::delivery
