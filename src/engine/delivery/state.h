// What a delivery stream tells about itself: counters, and a picture of its buffers and its work.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "engine/delivery/settings.h"

namespace hydrant::delivery {

// CloudWatch's names where it has them. They only rise.
struct DeliveryCounters {
  std::uint64_t incoming_records = 0, incoming_bytes = 0;  // accepted, DirectPut and source alike
  std::uint64_t incoming_put_requests = 0;
  std::uint64_t put_record_requests = 0, put_record_bytes = 0;
  std::uint64_t put_record_batch_requests = 0, put_record_batch_records = 0;
  std::uint64_t put_record_batch_bytes = 0;
  std::uint64_t throttled_records = 0;  // over the DirectPut quota
  std::uint64_t refused_records = 0;    // no room in the memory budget
  std::uint64_t data_read_from_kinesis_stream_records = 0;
  std::uint64_t data_read_from_kinesis_stream_bytes = 0;
  std::uint64_t throttled_get_records = 0;
  std::uint64_t execute_processing_success = 0, execute_processing_failure = 0;  // invocations
  std::uint64_t execute_processing_duration = 0;  // ms of real time, of all invocations
  std::uint64_t succeed_processing_records = 0, succeed_processing_bytes = 0;  // dropped ones too
  std::uint64_t failed_processing_records = 0;
  std::uint64_t dropped_records = 0;  // by a function, or control messages of CloudWatch Logs
  std::uint64_t output_decompressed_records = 0, output_decompressed_bytes = 0;
  std::uint64_t failed_decompressed_records = 0;
  // By de-aggregation, which makes several of one; and those without a byte, which leave no trace.
  std::uint64_t added_records = 0, empty_records = 0;
  std::uint64_t jq_processing_duration = 0;    // us of real time
  std::uint64_t partition_count_exceeded = 0;  // records over the limit of active partitions
  std::uint64_t delivery_to_s3_records = 0, delivery_to_s3_bytes = 0;    // before compression
  std::uint64_t delivery_to_s3_object_count = 0;                         // data and error objects
  std::uint64_t delivery_to_s3_success = 0, delivery_to_s3_failure = 0;  // writes tried
  std::uint64_t backup_to_s3_records = 0, backup_to_s3_bytes = 0;        // before compression
  std::uint64_t backup_to_s3_success = 0, backup_to_s3_failure = 0;
  std::uint64_t error_output_records = 0;
  std::uint64_t discarded_records = 0, discarded_bytes = 0;  // by removal, or given up
  std::uint64_t discarded_backup_records = 0;                // the same, of copies

  DeliveryCounters& operator+=(const DeliveryCounters& other);
};

// Every counter by its name: CloudWatch's in snake case.
struct CounterName {
  std::string_view name;
  std::uint64_t DeliveryCounters::*value;
};
std::span<const CounterName> delivery_counter_names();

enum class DeliveryStatus { creating, active, deleted };
const char* status_name(DeliveryStatus status);  // CREATING, ACTIVE, DELETING

struct BufferState {
  // processing, source (of a function), destination (all partitions), error (one for each kind),
  // backup
  std::string name;
  std::uint64_t records = 0, bytes = 0;
  std::optional<TimePoint> due;  // when its interval ends; none while it is empty
};

struct LastError {
  std::string text;
  TimePoint at;
};

struct LoggedError {
  TimePoint at;
  std::string message;  // JSON, as in the error log
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
  std::uint64_t undelivered_backup_records = 0;      // copies of records
  std::optional<std::size_t> partition_count;        // active ones; only with dynamic partitioning
  std::vector<LoggedError> error_log;                // the latest, if logging is enabled
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
  std::uint64_t records = 0, bytes = 0, backup_records = 0;
  std::string error;  // of the last write, if that is why
};

}  // namespace hydrant::delivery
