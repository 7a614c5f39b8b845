#include "engine/delivery/s3_object.h"

#include <libdeflate.h>

#include <new>
#include <utility>

#include "engine/delivery/date_pattern.h"
#include "engine/delivery/errors.h"

namespace hydrant::delivery {
namespace {

constexpr int kGzipLevel = 6;

Payload gzip(std::string_view bytes) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
      libdeflate_alloc_compressor(kGzipLevel), &libdeflate_free_compressor);
  if (compressor == nullptr) throw std::bad_alloc();
  const std::size_t size_max = libdeflate_gzip_compress_bound(compressor.get(), bytes.size());
  Payload compressed;
  char* to = compressed.reserve_more(size_max);
  compressed.commit(
      libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), to, size_max));
  return compressed;
}

std::string_view default_extension(Compression compression) {
  return compression == Compression::gzip ? ".gz" : "";
}

// Error objects are compressed like the others but take no FileExtension.
std::string extension(const S3Settings& s3, ObjectKind kind) {
  if (kind == ObjectKind::data && !s3.file_extension.empty()) return s3.file_extension;
  return std::string(default_extension(s3.compression));
}

// <prefix><stream>-<version>-<time>-<uuid><extension>; both times are the oldest record's arrival.
std::string object_key(const Plan& plan, ObjectKind kind, TimePoint oldest, Random& random) {
  const TimeZone zone = TimeZone::utc();
  const Expansion with{oldest, zone, kProcessingFailed};
  std::string key = kind == ObjectKind::data
                        ? data_key_prefix(plan.prefix, with, random)
                        : error_key_prefix(plan.prefix, plan.error_prefix, with, random);
  key += plan.settings.id.name + "-" + std::to_string(plan.version) + "-";
  key += format_date("yyyy-MM-dd-HH-mm-ss", oldest, zone) + "-" + random.uuid();
  return key + extension(plan.s3(), kind);
}

}  // namespace

Plan::Plan(const DeliveryStreamSettings& settings_in, std::uint32_t version_in)
    : settings(settings_in),
      version(version_in),
      prefix(settings_in.s3.prefix),
      error_prefix(settings_in.s3.error_output_prefix) {}

void S3Object::compress() {
  if (compression == Compression::gzip) contents.bytes = gzip(contents.bytes.view());
  compression = Compression::uncompressed;
}

void S3Object::release() {
  contents.bytes = Payload();
  contents.memory = Reservation();
}

std::shared_ptr<S3Object> make_object(const Plan& plan, ObjectKind kind, ObjectContents contents,
                                      Random& random) {
  auto object = std::make_shared<S3Object>();
  object->kind = kind;
  object->bucket = plan.s3().bucket;
  object->key = object_key(plan, kind, contents.oldest, random);
  object->compression = plan.s3().compression;
  if (plan.s3().compression == Compression::gzip) object->info.content_encoding = "gzip";
  object->source_bytes = contents.bytes.size();
  object->contents = std::move(contents);
  return object;
}

}  // namespace hydrant::delivery
