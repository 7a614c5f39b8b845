// What the service keeps with a delivery stream beside what the engine knows: the destination as it
// was given, the source, tags and encryption.
#pragma once
#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "aws/document.h"
#include "core/mutex.h"
#include "engine/delivery/delivery_stream.h"
#include "services/firehose/destination.h"
#include "services/firehose/encryption.h"
#include "services/firehose/tags.h"

namespace hydrant::firehose {

// What CreateDeliveryStream said of the source.
struct Source {
  std::string type;       // DirectPut, KinesisStreamAsSource, MSKAsSource, DatabaseAsSource
  aws::Json description;  // as SourceDescription has it, but for times; null: shows nothing
};

// The attachment of a delivery stream. Thread-safe; its lock comes before that of the delivery
// stream.
class Attachment {
 public:
  struct View {
    Destination destination;
    std::string version_id;
    std::optional<TimePoint> updated_at;
  };

  Attachment(Source source, Configured configured)
      : source_(std::move(source)),
        decompresses_(configured.settings.processing.decompression),
        destination_(std::move(configured.destination)) {}
  static Attachment& of(const delivery::DeliveryStream& stream) {
    return *static_cast<Attachment*>(stream.attachment().get());
  }

  const Source& source() const { return source_; }
  Tags& tags() { return tags_; }
  Encryption& encryption() { return encryption_; }
  // Why it never became ACTIVE; none if it did, or will. Set before anybody else knows of it.
  std::optional<Failure> creation_failure;

  View view(const delivery::DeliveryStream& stream) const;
  // False, and nothing changed, if the delivery stream is not at `version_id` any more.
  [[nodiscard]] bool update(delivery::DeliveryStream& stream, const std::string& version_id,
                            Configured configured);
  bool decompresses() const { return decompresses_; }

 private:
  const Source source_;
  Tags tags_;
  Encryption encryption_;
  std::atomic<bool> decompresses_;
  mutable Mutex mutex_;
  Destination destination_ GUARDED_BY(mutex_);
};

}  // namespace hydrant::firehose
