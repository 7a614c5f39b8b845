// The last step of the way: from the contents of a buffer to a named object with its bytes ready.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/random.h"
#include "engine/delivery/batch.h"
#include "engine/delivery/prefix.h"
#include "engine/delivery/settings.h"
#include "engine/objects/object_store.h"

namespace hydrant::delivery {

// Settings under one version, with what is worked out from them once. Immutable and shared by all
// that was cut under that version.
struct Plan {
  Plan(const DeliveryStreamSettings& settings, std::uint32_t version);

  const DeliveryStreamSettings settings;
  const std::uint32_t version;
  const Prefix prefix, error_prefix;

  const S3Settings& s3() const { return settings.s3; }
  bool has_lambda() const { return settings.s3.processing.lambda.has_value(); }
};
using PlanPtr = std::shared_ptr<const Plan>;

enum class ObjectKind { data, errors };

// Named when it is cut, so that every attempt to write it has the same key.
struct S3Object {
  std::uint64_t number = 0;  // in the order of cutting
  ObjectKind kind = ObjectKind::data;
  std::string bucket, key;
  objects::ObjectInfo info;
  Compression compression = Compression::uncompressed;  // still to be applied to the bytes
  ObjectContents contents;
  std::uint64_t source_bytes = 0;  // before compression

  std::string name() const { return bucket + "/" + key; }
  // Idempotent. By the one task that writes the object, and before it is written.
  void compress();
  // Once written: the bytes and their memory go before anyone is told that it is there.
  void release();
};

std::shared_ptr<S3Object> make_object(const Plan& plan, ObjectKind kind, ObjectContents contents,
                                      Random& random);

}  // namespace hydrant::delivery
