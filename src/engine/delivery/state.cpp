#include "engine/delivery/state.h"

#include <array>

namespace hydrant::delivery {

std::string DeliveryStreamId::arn() const {
  return "arn:aws:firehose:" + region + ":" + account + ":deliverystream/" + name;
}

const char* status_name(DeliveryStatus status) {
  switch (status) {
    case DeliveryStatus::creating:
      return "CREATING";
    case DeliveryStatus::active:
      return "ACTIVE";
    case DeliveryStatus::deleted:
      break;
  }
  return "DELETING";
}

std::span<const CounterName> delivery_counter_names() {
#define HYDRANT_COUNTER(name) \
  CounterName { #name, &DeliveryCounters::name }
  static constexpr std::array kNames{
      HYDRANT_COUNTER(incoming_records),
      HYDRANT_COUNTER(incoming_bytes),
      HYDRANT_COUNTER(incoming_put_requests),
      HYDRANT_COUNTER(put_record_requests),
      HYDRANT_COUNTER(put_record_bytes),
      HYDRANT_COUNTER(put_record_batch_requests),
      HYDRANT_COUNTER(put_record_batch_records),
      HYDRANT_COUNTER(put_record_batch_bytes),
      HYDRANT_COUNTER(throttled_records),
      HYDRANT_COUNTER(refused_records),
      HYDRANT_COUNTER(data_read_from_kinesis_stream_records),
      HYDRANT_COUNTER(data_read_from_kinesis_stream_bytes),
      HYDRANT_COUNTER(throttled_get_records),
      HYDRANT_COUNTER(execute_processing_success),
      HYDRANT_COUNTER(execute_processing_failure),
      HYDRANT_COUNTER(execute_processing_duration),
      HYDRANT_COUNTER(succeed_processing_records),
      HYDRANT_COUNTER(succeed_processing_bytes),
      HYDRANT_COUNTER(failed_processing_records),
      HYDRANT_COUNTER(dropped_records),
      HYDRANT_COUNTER(output_decompressed_records),
      HYDRANT_COUNTER(output_decompressed_bytes),
      HYDRANT_COUNTER(failed_decompressed_records),
      HYDRANT_COUNTER(added_records),
      HYDRANT_COUNTER(empty_records),
      HYDRANT_COUNTER(jq_processing_duration),
      HYDRANT_COUNTER(partition_count_exceeded),
      HYDRANT_COUNTER(delivery_to_s3_records),
      HYDRANT_COUNTER(delivery_to_s3_bytes),
      HYDRANT_COUNTER(delivery_to_s3_object_count),
      HYDRANT_COUNTER(delivery_to_s3_success),
      HYDRANT_COUNTER(delivery_to_s3_failure),
      HYDRANT_COUNTER(backup_to_s3_records),
      HYDRANT_COUNTER(backup_to_s3_bytes),
      HYDRANT_COUNTER(backup_to_s3_success),
      HYDRANT_COUNTER(backup_to_s3_failure),
      HYDRANT_COUNTER(error_output_records),
      HYDRANT_COUNTER(discarded_records),
      HYDRANT_COUNTER(discarded_bytes),
      HYDRANT_COUNTER(discarded_backup_records),
  };
#undef HYDRANT_COUNTER
  return kNames;
}

DeliveryCounters& DeliveryCounters::operator+=(const DeliveryCounters& other) {
  for (const auto& counter : delivery_counter_names()) this->*counter.value += other.*counter.value;
  return *this;
}

}  // namespace hydrant::delivery
