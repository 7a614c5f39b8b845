#include "engine/delivery/format/compress.h"

#include "engine/delivery/format/archive.h"
#include "engine/delivery/format/snappy_blocks.h"

namespace hydrant::delivery {

std::string_view default_extension(Compression compression) {
  switch (compression) {
    case Compression::uncompressed:
      return "";
    case Compression::gzip:
      return ".gz";
    case Compression::zip:
      return ".zip";
    case Compression::snappy:
    case Compression::hadoop_snappy:
      return ".snappy";
  }
  return "";
}

std::string_view content_encoding(Compression compression) {
  switch (compression) {
    case Compression::uncompressed:
      return "";
    case Compression::gzip:
      return "gzip";
    case Compression::zip:
      return "zip";
    case Compression::snappy:
      return "snappy-java";
    case Compression::hadoop_snappy:
      return "hadoop-snappy";
  }
  return "";
}

Payload compress(Compression compression, std::string_view bytes, std::string_view entry_name) {
  switch (compression) {
    case Compression::uncompressed:
      break;
    case Compression::gzip:
      return gzip(bytes);
    case Compression::zip:
      return zip(bytes, entry_name);
    case Compression::snappy:
      return snappy_java(bytes);
    case Compression::hadoop_snappy:
      return hadoop_snappy(bytes);
  }
  Payload same;
  same.append(bytes);
  return same;
}

}  // namespace hydrant::delivery
