// The event that a transform function is given, member for member as the service sends it.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "core/base64.h"
#include "engine/delivery/batch.h"
#include "engine/delivery/settings.h"

namespace hydrant::delivery::transform {

// What Lambda takes in one synchronous invocation.
inline constexpr std::size_t kPayloadBytesMax = 6'291'556;

// Upper bounds, so that a buffer knows when it is full without writing the event: of what stands
// before and behind the records, and of one record. Tight, because small records are little else.
inline constexpr std::size_t kEventHeadBytesMax = 4096;
std::size_t event_bytes_max(const IncomingRecord& record, SourceType source);

// The ids of a batch's records, the same for every attempt. All have the same length.
class RecordIds {
 public:
  RecordIds(const SourceBatch& batch, SourceType source);
  std::string_view operator[](std::size_t i) const {
    return std::string_view(text_).substr(i * length_, length_);
  }

 private:
  std::size_t length_;
  std::string text_;
};

std::string event_json(const SourceBatch& batch, const RecordIds& ids,
                       const std::string& invocation_id, const DeliveryStreamSettings& settings);

}  // namespace hydrant::delivery::transform
