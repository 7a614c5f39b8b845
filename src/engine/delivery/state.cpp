#include "engine/delivery/state.h"

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

DeliveryCounters& DeliveryCounters::operator+=(const DeliveryCounters& other) {
  incoming_records += other.incoming_records;
  incoming_bytes += other.incoming_bytes;
  incoming_put_requests += other.incoming_put_requests;
  throttled_records += other.throttled_records;
  refused_records += other.refused_records;
  data_read_from_kinesis_stream_records += other.data_read_from_kinesis_stream_records;
  data_read_from_kinesis_stream_bytes += other.data_read_from_kinesis_stream_bytes;
  throttled_get_records += other.throttled_get_records;
  execute_processing_success += other.execute_processing_success;
  execute_processing_failure += other.execute_processing_failure;
  succeed_processing_records += other.succeed_processing_records;
  succeed_processing_bytes += other.succeed_processing_bytes;
  failed_processing_records += other.failed_processing_records;
  delivery_to_s3_records += other.delivery_to_s3_records;
  delivery_to_s3_bytes += other.delivery_to_s3_bytes;
  delivery_to_s3_object_count += other.delivery_to_s3_object_count;
  delivery_to_s3_success += other.delivery_to_s3_success;
  delivery_to_s3_failure += other.delivery_to_s3_failure;
  error_output_records += other.error_output_records;
  discarded_records += other.discarded_records;
  discarded_bytes += other.discarded_bytes;
  return *this;
}

}  // namespace hydrant::delivery
