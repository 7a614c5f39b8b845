// The last step of the way: from the contents of a slot to a named object with its bytes ready.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/random.h"
#include "engine/delivery/batch.h"
#include "engine/delivery/object_slot.h"
#include "engine/delivery/outcome.h"
#include "engine/delivery/plan.h"
#include "engine/objects/object_store.h"

namespace hydrant::delivery {

// Named when it is cut, so that every attempt to write it has the same key.
struct S3Object {
  std::uint64_t number = 0;  // in the order of cutting
  ObjectKind kind = ObjectKind::data;
  PlanPtr plan;
  SlotPtr slot;
  std::string bucket, key;
  objects::ObjectInfo info;
  Compression compression = Compression::uncompressed;  // still to be applied to the bytes
  std::string entry_name;                               // in a ZIP archive
  ObjectContents contents;
  std::uint64_t source_bytes = 0;          // before compression
  std::optional<TimePoint> failing_since;  // of the attempts to write it
  std::int32_t attempts_failed = 0;

  std::string name() const { return bucket + "/" + key; }
  // Idempotent. By the one task that writes the object, and before it is written.
  void compress(BlockCache& blocks);
  // Once written: the bytes and their memory go before anyone is told that it is there.
  void release(BlockCache& blocks);
};

std::shared_ptr<S3Object> make_object(const PlanPtr& plan, const SlotPtr& slot,
                                      ObjectContents contents, Random& random);

// What becomes of an object of a partition that could not be written for as long as its delivery
// stream retries: one line of the error output, whose rawData is the whole body.
void send_to_error_output(S3Object& object, const Ending& ending, Random& random);

}  // namespace hydrant::delivery
