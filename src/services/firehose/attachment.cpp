#include "services/firehose/attachment.h"

#include <utility>

namespace hydrant::firehose {

Attachment::View Attachment::view(const delivery::DeliveryStream& stream) const {
  MutexLock lock(mutex_);
  return {destination_, stream.version_id(), stream.updated_at()};
}

bool Attachment::update(delivery::DeliveryStream& stream, const std::string& version_id,
                        Configured configured) {
  MutexLock lock(mutex_);
  if (!stream.update(version_id, configured.settings)) return false;
  decompresses_ = configured.settings.processing.decompression;
  destination_ = std::move(configured.destination);
  return true;
}

}  // namespace hydrant::firehose
