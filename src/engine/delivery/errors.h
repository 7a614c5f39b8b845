// The ways in which a record can end in the error output, with the codes and texts of the service.
#pragma once
#include <cstddef>
#include <string_view>

namespace hydrant::delivery {

enum class Failure {
  missing_record_id,
  duplicated_record_id,
  processing_failed,
  null_data,       // Ok without data
  invalid_result,  // no such verdict, or data that is not base64
  function_error,
  function_timed_out,
  invoke_access_denied,
  invoke_limit_exceeded,
  resource_not_found,
  json_processing,
  invalid_subnet,
  invalid_security_group,
  subnet_ip_limit,
  eni_limit,
  metadata_extraction,      // with jq's own words instead of the message here, where it has any
  active_partitions_limit,  // one more partition than may be open at once
  decompression,
  log_processing,
  de_aggregation,
  delivery,  // of a partition's object, for as long as its delivery stream retries
};

std::string_view failure_code(Failure failure);     // Lambda.MissingRecordId
std::string_view failure_message(Failure failure);  // one or more sentences

// The kinds of error output, each with a folder and objects of its own: error-output-type.
enum class ErrorOutput { processing_failed, decompression_failed };
inline constexpr std::size_t kErrorOutputs = 2;
std::string_view error_output_type(ErrorOutput output);
ErrorOutput error_output_of(Failure failure);
bool is_lambda_failure(Failure failure);  // its line names the function

}  // namespace hydrant::delivery
