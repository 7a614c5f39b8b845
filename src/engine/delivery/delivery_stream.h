// DeliveryStream: records in, objects out. See delivery_stream.cpp for the way a record goes.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "engine/delivery/environment.h"
#include "engine/delivery/settings.h"
#include "engine/delivery/state.h"

namespace hydrant::delivery {

enum class AppendStatus {
  accepted,      // all but the throttled ones
  full,          // none: the memory budget has no room
  not_active,    // none: still CREATING, or deleted
  wrong_source,  // none: it reads a Kinesis stream
};

struct AppendResult {
  AppendStatus status = AppendStatus::accepted;
  std::vector<std::uint32_t>
      throttled;  // indices refused by the DirectPut quota; they are not kept
};

class FlushCall;

// Thread-safe. Handlers may append to the delivery stream that is invoking them.
class DeliveryStream : public std::enable_shared_from_this<DeliveryStream> {
 public:
  virtual ~DeliveryStream() = default;

  virtual const DeliveryStreamId& id() const = 0;
  virtual const std::string& arn() const = 0;
  virtual SourceType source_type() const = 0;
  virtual DeliveryStatus status() const = 0;
  virtual TimePoint created_at() const = 0;
  virtual std::optional<TimePoint> activated_at() const = 0;  // DeliveryStartTimestamp of a source
  virtual std::optional<TimePoint> updated_at() const = 0;    // none before the first update
  virtual std::string version_id() const = 0;                 // "1", rising by update()
  virtual std::shared_ptr<const DeliveryStreamSettings> settings() const = 0;

  // What the service floor keeps with a delivery stream (descriptions, tags, encryption); it lives
  // and dies with it, and nothing here looks at it.
  virtual const std::shared_ptr<void>& attachment() const = 0;

  // DirectPut. Records of one call stay together and in order; their arrival is now. Either all are
  // taken that the quota lets pass, or none. The bytes are copied.
  virtual AppendResult append(std::span<const std::string_view> records) = 0;

  // UpdateDestination: data cut from now on goes by `s3`, under the next version. False, and
  // nothing changed, if `expected_version_id` is not the current one.
  [[nodiscard]] virtual bool update(const std::string& expected_version_id,
                                    const S3Settings& s3) = 0;

  virtual DeliveryStreamState state() const = 0;

  // For the registry.
  virtual void activate() = 0;
  // Takes what is acknowledged now; finish_flush() waits until it is written. See
  // DeliveryRegistry::flush().
  virtual std::shared_ptr<FlushCall> begin_flush() = 0;
  virtual FlushResult finish_flush(const std::shared_ptr<FlushCall>& call) = 0;
  // Drops everything, counted as discarded, and cancels the timers. Idempotent.
  virtual void close() = 0;
};

}  // namespace hydrant::delivery
