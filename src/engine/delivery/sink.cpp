#include "engine/delivery/sink.h"

namespace hydrant::delivery {

std::optional<std::string> ObjectStoreSink::put(const std::string& bucket, const std::string& key,
                                                std::string_view bytes,
                                                const objects::ObjectInfo& info) {
  return store_.put(bucket, key, bytes, info, clock_.now());
}

}  // namespace hydrant::delivery
