// The bytes of compressed objects, as other programs read them.
#include "engine/delivery/format/compress.h"

#include <gtest/gtest.h>
#include <libdeflate.h>
#include <snappy.h>

#include <string>

#include "core/sha256.h"

namespace hydrant::delivery {
namespace {

using namespace std::string_literals;

constexpr std::string_view kEntryName = "818e40dd-2318-4258-88cc-3c66a08eba10";
constexpr std::size_t kBlockBytesMax = 32 * 1024;

std::string compressed(Compression compression, std::string_view bytes) {
  return std::string(compress(compression, bytes, kEntryName).view());
}

// Lines that repeat each other in part, as records do: 143,340 bytes.
std::string many_lines() {
  std::string lines;
  for (int i = 0; i < 5000; ++i)
    lines += R"({"id":)" + std::to_string(i) + R"(,"user":"user)" +
             std::to_string(i * 7919 % 1000) + "\"}\n";
  return lines;
}

std::string hex_of(std::string_view bytes) {
  std::string digits;
  for (const unsigned char byte : bytes) {
    digits += "0123456789abcdef"[byte >> 4];
    digits += "0123456789abcdef"[byte & 15];
  }
  return digits;
}
std::size_t big_endian(std::string_view bytes) {
  std::size_t value = 0;
  for (const unsigned char byte : bytes.substr(0, 4)) value = value << 8 | byte;
  return value;
}
std::size_t little_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::size_t value = 0;
  for (std::size_t i = size; i > 0; --i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i - 1]);
  return value;
}

std::string inflated(std::string_view deflated, std::size_t size) {
  std::string bytes(size, '\0');
  auto* decompressor = libdeflate_alloc_decompressor();
  EXPECT_EQ(libdeflate_deflate_decompress(decompressor, deflated.data(), deflated.size(),
                                          bytes.data(), bytes.size(), nullptr),
            LIBDEFLATE_SUCCESS);
  libdeflate_free_decompressor(decompressor);
  return bytes;
}

std::string gunzipped(std::string_view gzipped, std::size_t size) {
  std::string bytes(size, '\0');
  auto* decompressor = libdeflate_alloc_decompressor();
  EXPECT_EQ(libdeflate_gzip_decompress(decompressor, gzipped.data(), gzipped.size(), bytes.data(),
                                       bytes.size(), nullptr),
            LIBDEFLATE_SUCCESS);
  libdeflate_free_decompressor(decompressor);
  return bytes;
}

// Blocks that each stand behind their compressed length, and that behind their own if they have it.
std::string read_blocks(std::string_view stream, bool with_own_length) {
  std::string bytes;
  while (!stream.empty()) {
    std::size_t own_length = 0;
    if (with_own_length) {
      own_length = big_endian(stream);
      stream.remove_prefix(4);
    }
    const std::size_t length = big_endian(stream);
    stream.remove_prefix(4);
    std::string block;
    EXPECT_TRUE(snappy::Uncompress(stream.data(), length, &block));
    EXPECT_LE(block.size(), kBlockBytesMax);
    if (with_own_length) {
      EXPECT_EQ(block.size(), own_length);
    }
    stream.remove_prefix(length);
    // Only the last one is not full.
    EXPECT_TRUE(stream.empty() || block.size() == kBlockBytesMax);
    bytes += block;
  }
  return bytes;
}

TEST(CompressTest, NamesAreThoseOfTheService) {
  EXPECT_EQ(default_extension(Compression::uncompressed), "");
  EXPECT_EQ(default_extension(Compression::gzip), ".gz");
  EXPECT_EQ(default_extension(Compression::zip), ".zip");
  EXPECT_EQ(default_extension(Compression::snappy), ".snappy");
  EXPECT_EQ(default_extension(Compression::hadoop_snappy), ".snappy");
  EXPECT_EQ(content_encoding(Compression::uncompressed), "");
  EXPECT_EQ(content_encoding(Compression::gzip), "gzip");
  EXPECT_EQ(content_encoding(Compression::zip), "zip");
  EXPECT_EQ(content_encoding(Compression::snappy), "snappy-java");
  EXPECT_EQ(content_encoding(Compression::hadoop_snappy), "hadoop-snappy");
}

TEST(CompressTest, UncompressedIsTheSame) {
  EXPECT_EQ(compressed(Compression::uncompressed, "abc\0def"s), "abc\0def"s);
}

TEST(CompressTest, TheSameBytesGiveTheSameObject) {
  for (const auto compression :
       {Compression::gzip, Compression::zip, Compression::snappy, Compression::hadoop_snappy})
    EXPECT_EQ(compressed(compression, many_lines()), compressed(compression, many_lines()));
}

TEST(GzipTest, IsOneStreamWithNeitherNameNorTime) {
  const auto lines = many_lines();
  const auto object = compressed(Compression::gzip, lines);
  EXPECT_EQ(hex_of(object.substr(0, 8)), "1f8b080000000000");
  EXPECT_LT(object.size(), lines.size() / 4);
  EXPECT_EQ(gunzipped(object, lines.size()), lines);
  EXPECT_EQ(gunzipped(compressed(Compression::gzip, ""), 0), "");
}

TEST(ZipTest, HoldsOneDeflatedEntry) {
  const auto lines = many_lines();
  const auto object = compressed(Compression::zip, lines);
  ASSERT_EQ(object.substr(0, 4), "PK\3\4");
  EXPECT_EQ(little_endian(object, 8, 2), 8u);  // Deflate
  EXPECT_EQ(little_endian(object, 14, 4), libdeflate_crc32(0, lines.data(), lines.size()));
  const std::size_t size = little_endian(object, 18, 4);
  EXPECT_EQ(little_endian(object, 22, 4), lines.size());
  EXPECT_EQ(object.substr(30, kEntryName.size()), kEntryName);
  EXPECT_EQ(inflated(object.substr(30 + kEntryName.size(), size), lines.size()), lines);
}

TEST(ZipTest, ItsDirectoryLeadsToTheEntry) {
  const auto object = compressed(Compression::zip, "abc");
  const std::size_t end = object.size() - 22;
  ASSERT_EQ(object.substr(end, 4), "PK\5\6");
  EXPECT_EQ(little_endian(object, end + 10, 2), 1u);
  const std::size_t directory = little_endian(object, end + 16, 4);
  EXPECT_EQ(directory + little_endian(object, end + 12, 4), end);
  ASSERT_EQ(object.substr(directory, 4), "PK\1\2");
  // What the local header says, from the version on.
  EXPECT_EQ(object.substr(directory + 6, 26), object.substr(4, 26));
  EXPECT_EQ(object.substr(directory + 46, kEntryName.size()), kEntryName);
  EXPECT_EQ(object.substr(little_endian(object, directory + 42, 4), 4), "PK\3\4");
}

TEST(ZipTest, IsDatedToTheBeginningOfDosTime) {
  const auto object = compressed(Compression::zip, "abc");
  EXPECT_EQ(little_endian(object, 10, 2), 0u);
  EXPECT_EQ(little_endian(object, 12, 2), 1u << 5 | 1u);
}

// The bytes that snappy-java 1.1.10.8 writes.
TEST(SnappyTest, IsByteForByteThatOfSnappyJava) {
  EXPECT_EQ(hex_of(compressed(Compression::snappy, R"({"test": 0}{"test": 1})")),
            "82534e415050590000000001000000010000001816547b2274657374223a20307d7b2274657374223a2031"
            "7d");
  EXPECT_EQ(hex(sha256(compressed(Compression::snappy, many_lines()))),
            "b69f6519929e91238f1f77ffa4a2b80d8404ad052afa2eeab252d4d48d28cf46");
}

TEST(SnappyTest, HoldsBlocksOf32KiB) {
  for (const std::size_t size : {0u, 1u, 32767u, 32768u, 32769u, 65536u, 100'000u}) {
    const auto bytes = many_lines().substr(0, size);
    EXPECT_EQ(read_blocks(compressed(Compression::snappy, bytes).substr(16), false), bytes);
  }
}

// Likewise, by its SnappyHadoopCompatibleOutputStream.
TEST(HadoopSnappyTest, IsByteForByteThatOfSnappyJava) {
  EXPECT_EQ(hex_of(compressed(Compression::hadoop_snappy, R"({"test": 0}{"test": 1})")),
            "000000160000001816547b2274657374223a20307d7b2274657374223a20317d");
  EXPECT_EQ(hex(sha256(compressed(Compression::hadoop_snappy, many_lines()))),
            "56b6fc00d9e7831e34509e55c52e9ee76cbdd675a5741e0825bd487ace4c8cb8");
}

TEST(HadoopSnappyTest, HoldsBlocksOf32KiB) {
  for (const std::size_t size : {0u, 1u, 32767u, 32768u, 32769u, 65536u, 100'000u}) {
    const auto bytes = many_lines().substr(0, size);
    EXPECT_EQ(read_blocks(compressed(Compression::hadoop_snappy, bytes), true), bytes);
  }
}

}  // namespace
}  // namespace hydrant::delivery
