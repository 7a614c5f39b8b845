// What a delivery stream tells about itself: counters, and a picture of its buffers and its work.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "engine/delivery/settings.h"

namespace hydrant::delivery {

// CloudWatch's names where it has them. They only rise.
struct DeliveryCounters {
  std::uint64_t incoming_records = 0, incoming_bytes = 0;  // accepted, DirectPut and source alike
  std::uint64_t incoming_put_requests = 0;
  std::uint64_t throttled_records = 0;  // over the DirectPut quota
  std::uint64_t refused_records = 0;    // no room in the memory budget
  std::uint64_t data_read_from_kinesis_stream_records = 0;
  std::uint64_t data_read_from_kinesis_stream_bytes = 0;
  std::uint64_t throttled_get_records = 0;
  std::uint64_t execute_processing_success = 0, execute_processing_failure = 0;  // invocations
  std::uint64_t succeed_processing_records = 0, succeed_processing_bytes = 0;    // dropped ones too
  std::uint64_t failed_processing_records = 0;
  std::uint64_t delivery_to_s3_records = 0, delivery_to_s3_bytes = 0;    // before compression
  std::uint64_t delivery_to_s3_object_count = 0;                         // data and error objects
  std::uint64_t delivery_to_s3_success = 0, delivery_to_s3_failure = 0;  // writes tried
  std::uint64_t error_output_records = 0;
  std::uint64_t discarded_records = 0, discarded_bytes = 0;  // by removal, or given up

  DeliveryCounters& operator+=(const DeliveryCounters& other);
};

enum class DeliveryStatus { creating, active, deleted };
const char* status_name(DeliveryStatus status);  // CREATING, ACTIVE, DELETING

struct BufferState {
  std::string name;  // source, destination, error
  std::uint64_t records = 0, bytes = 0;
  std::optional<TimePoint> due;  // when its interval ends; none while it is empty
};

struct LastError {
  std::string text;
  TimePoint at;
};

struct DeliveryStreamState {
  DeliveryStreamId id;
  DeliveryStatus status = DeliveryStatus::creating;
  std::string version_id;
  std::vector<BufferState> buffers;
  std::size_t batches_waiting = 0;      // cut, not yet invoked for
  std::size_t batches_in_flight = 0;    // invoked for, or waiting to be retried
  std::size_t batches_backing_off = 0;  // the latter
  std::size_t objects_waiting = 0;      // cut and not yet written
  std::uint64_t undelivered_records = 0, undelivered_bytes = 0;
  std::optional<LastError> transform_error;          // the last failed invocation
  std::optional<LastError> write_error;              // none when the last write succeeded
  std::optional<std::int64_t> millis_behind_latest;  // Kinesis source only
  std::optional<TimePoint> oldest_undelivered;       // DataFreshness is now less this
  DeliveryCounters counters;
};

struct Unwritten {
  std::string object;  // bucket/key it will have; "" for data that is in no object yet
  std::string error;
};

struct FlushResult {
  std::vector<std::string> written;  // bucket/key, in the order of writing
  std::vector<Unwritten> unwritten;  // stays buffered and is tried again
};

// What a delivery stream still held when the server stopped.
struct Undelivered {
  DeliveryStreamId id;
  std::uint64_t records = 0, bytes = 0;
  std::string error;  // of the last write, if that is why
};

}  // namespace hydrant::delivery
