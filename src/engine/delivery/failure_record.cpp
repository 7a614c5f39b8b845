#include "engine/delivery/failure_record.h"

#include "core/json_writer.h"

namespace hydrant::delivery {

// The two layouts differ in the order of members and in the spelling of the last one; the public
// documentation still shows the old one, with numbers as strings, which the service never wrote.
std::string failure_json(const FailureRecord& record, FailureRecordStyle style) {
  const std::string_view message =
      record.message.empty() ? failure_message(record.failure) : record.message;
  const bool by_lambda = is_lambda_failure(record.failure);
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  if (style == FailureRecordStyle::current) {
    json.key("rawData").base64(record.raw_data);
    json.member("errorCode", failure_code(record.failure))
        .member("errorMessage", message)
        .member("attemptsMade", std::int64_t{record.attempts})
        .member("arrivalTimestamp", epoch_millis(record.arrival))
        .member("attemptEndingTimestamp", epoch_millis(record.attempt_ended));
    if (by_lambda) json.member("lambdaARN", record.lambda_arn);
  } else {
    json.member("attemptsMade", std::int64_t{record.attempts})
        .member("arrivalTimestamp", epoch_millis(record.arrival))
        .member("errorCode", failure_code(record.failure))
        .member("errorMessage", message)
        .member("attemptEndingTimestamp", epoch_millis(record.attempt_ended));
    json.key("rawData").base64(record.raw_data);
    if (by_lambda) json.member("lambdaArn", record.lambda_arn);
  }
  json.end_object();
  return text;
}

}  // namespace hydrant::delivery
