// The ways in which a record can end in the error output, with the codes and texts of the service.
#pragma once
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
};

std::string_view failure_code(Failure failure);     // Lambda.MissingRecordId
std::string_view failure_message(Failure failure);  // one or more sentences

// The folder of the error output that failures of a transform go to.
inline constexpr std::string_view kProcessingFailed = "processing-failed";

}  // namespace hydrant::delivery
