// Sink: where finished objects go. A seam of its own, so that a test can make the disk fail.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "engine/objects/object_store.h"

namespace hydrant::delivery {

// Thread-safe.
class Sink {
 public:
  virtual ~Sink() = default;
  // Blocks until it is written. None: it is there; else why not, as one sentence. The same key may
  // come again after a failure, with the same bytes.
  [[nodiscard]] virtual std::optional<std::string> put(const std::string& bucket,
                                                       const std::string& key,
                                                       std::string_view bytes,
                                                       const objects::ObjectInfo& info) = 0;
};

class ObjectStoreSink final : public Sink {
 public:
  ObjectStoreSink(objects::ObjectStore& store, const Clock& clock) : store_(store), clock_(clock) {}
  std::optional<std::string> put(const std::string& bucket, const std::string& key,
                                 std::string_view bytes, const objects::ObjectInfo& info) override;

 private:
  objects::ObjectStore& store_;
  const Clock& clock_;
};

}  // namespace hydrant::delivery
