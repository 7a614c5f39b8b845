#include "engine/delivery/s3_object.h"

#include <utility>

#include "engine/delivery/date_pattern.h"
#include "engine/delivery/failure_record.h"
#include "engine/delivery/format/compress.h"

namespace hydrant::delivery {
namespace {

const S3TargetSettings& target_of(const Plan& plan, ObjectKind kind) {
  if (kind == ObjectKind::backup && plan.s3().backup) return *plan.s3().backup;
  return plan.s3();
}

// Error objects are compressed like the others but take no FileExtension.
std::string extension(const Plan& plan, ObjectKind kind) {
  const auto& own = plan.s3().file_extension;
  if (kind == ObjectKind::data && !own.empty()) return own;
  return std::string(default_extension(target_of(plan, kind).compression));
}

// The backup has no time zone of its own in the API.
const TimeZone& zone_of(const Plan& plan, ObjectKind kind) {
  static const TimeZone utc = TimeZone::utc();
  return kind == ObjectKind::backup ? utc : plan.zone;
}

std::string key_prefix(const Plan& plan, const ObjectSlot& slot, TimePoint oldest, Random& random) {
  Expansion expansion{
      .time = oldest, .zone = zone_of(plan, slot.kind), .error_output_type = {}, .keys = slot.keys};
  if (slot.kind == ObjectKind::data) return data_key_prefix(plan.prefix, expansion, random);
  if (slot.kind == ObjectKind::backup)
    return data_key_prefix(plan.backup_prefix, expansion, random);
  expansion.error_output_type = error_output_type(slot.error_output);
  return error_key_prefix(plan.prefix, plan.error_prefix, expansion, random);
}

// <stream>-<version>-<time>-<uuid><extension>; the time is the oldest record's arrival, as it is in
// the prefix.
std::string object_name(const Plan& plan, ObjectKind kind, TimePoint oldest, Random& random) {
  return plan.settings.id.name + "-" + std::to_string(plan.version) + "-" +
         format_date("yyyy-MM-dd-HH-mm-ss", oldest, zone_of(plan, kind)) + "-" + random.uuid() +
         extension(plan, kind);
}

}  // namespace

void S3Object::compress(BlockCache& blocks) {
  if (compression == Compression::uncompressed) return;
  Payload compressed = delivery::compress(compression, contents.bytes.view(), entry_name);
  blocks.give(std::exchange(contents.bytes, std::move(compressed)));
  compression = Compression::uncompressed;
}

void S3Object::release(BlockCache& blocks) {
  blocks.give(std::move(contents.bytes));
  contents.memory = Reservation();
}

std::shared_ptr<S3Object> make_object(const PlanPtr& plan, const SlotPtr& slot,
                                      ObjectContents contents, Random& random) {
  auto object = std::make_shared<S3Object>();
  const S3TargetSettings& target = target_of(*plan, slot->kind);
  object->kind = slot->kind;
  object->plan = plan;
  object->slot = slot;
  object->bucket = target.bucket;
  object->key = key_prefix(*plan, *slot, contents.oldest, random);
  object->key += object_name(*plan, slot->kind, contents.oldest, random);
  object->compression = target.compression;
  if (target.compression == Compression::zip) object->entry_name = random.uuid();
  object->info.content_encoding = content_encoding(target.compression);
  object->source_bytes = contents.bytes.size();
  object->contents = std::move(contents);
  return object;
}

void send_to_error_output(S3Object& object, const Ending& ending, Random& random) {
  const Plan& plan = *object.plan;
  const ObjectSlot errors(ObjectKind::errors, "\n");
  const std::string line = failure_json({.failure = Failure::delivery,
                                         .attempts = ending.attempts,
                                         .arrival = object.contents.oldest,
                                         .attempt_ended = ending.ended,
                                         .raw_data = object.contents.bytes.view(),
                                         .lambda_arn = {}},
                                        ending.style);
  object.contents.bytes = Payload();
  object.contents.bytes.append(line);
  object.kind = ObjectKind::errors;
  object.compression = plan.s3().compression;
  object.failing_since.reset();
  object.attempts_failed = 0;
  object.key = key_prefix(plan, errors, object.contents.oldest, random);
  object.key += object_name(plan, ObjectKind::errors, object.contents.oldest, random);
}

}  // namespace hydrant::delivery
