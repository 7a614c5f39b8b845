#include "engine/delivery/transform/invoke.h"

#include <simdjson.h>

#include <array>
#include <chrono>

#include "core/base64.h"
#include "engine/delivery/finisher.h"

namespace hydrant::delivery::transform {
namespace {

using functions::InvokeResult;

// A function's own timeout shows as a function error with this text.
bool says_timed_out(std::string_view payload) {
  simdjson::dom::parser parser;
  std::string_view message;
  const auto found = parser.parse(payload.data(), payload.size(), true)["errorMessage"];
  return found.get(message) == simdjson::SUCCESS &&
         message.find("Task timed out after") != std::string_view::npos;
}

Failure failure_of_type(std::string_view type) {
  if (type.starts_with("InvalidSubnetID")) return Failure::invalid_subnet;
  if (type.starts_with("InvalidSecurityGroupID")) return Failure::invalid_security_group;
  if (type.starts_with("SubnetIPAddressLimitReached")) return Failure::subnet_ip_limit;
  if (type.starts_with("ENILimitReached")) return Failure::eni_limit;
  return Failure::function_error;
}

// Everything is tried again but a request that Lambda itself calls wrong (400, 413): it would be
// wrong again.
Attempt refused(int status, std::string_view error_type = {}) {
  Attempt attempt;
  attempt.retried = true;
  switch (status) {
    case 403:
      attempt.failure = Failure::invoke_access_denied;
      break;
    case 404:
      attempt.failure = Failure::resource_not_found;
      break;
    case 429:
      attempt.failure = Failure::invoke_limit_exceeded;
      break;
    default:
      attempt.failure = failure_of_type(error_type);
      attempt.retried = status < 400 || status >= 500;
  }
  return attempt;
}

// The service's parser passes over white space between groups of four, as of base64 in lines; not
// over what is within one, which stays here.
std::string without_lines(std::string_view base64) {
  std::string text;
  text.reserve(base64.size());
  for (const char c : base64) {
    const bool is_space = static_cast<unsigned char>(c) <= ' ';
    if (!is_space || text.size() % 4 != 0) text.push_back(c);
  }
  return text;
}

// False: the data is not base64.
bool finish(Finisher& finisher, const ReturnedRecord& record, TimePoint arrival) {
  constexpr std::size_t kSlack = 32;  // the decoder stores whole vectors
  char* to = finisher.room(base64_decoded_max(record.data.size()) + kSlack);
  Base64Result decoded = base64_decode(record.data, to);
  if (decoded.error != Base64Error::none) decoded = base64_decode(without_lines(record.data), to);
  if (decoded.error != Base64Error::none) return false;
  finisher.finish(decoded.size, arrival, record.partition_keys);
  return true;
}

}  // namespace

Attempt invoke(const Call& call, const RecordIds& ids, const FindFunction& find_function) {
  const std::string& arn = call.plan.settings.s3.processing.lambda->arn;
  const std::string event = event_json(call.batch, ids, call.invocation_id, call.plan.settings);
  // Only a single record can be that large: Lambda would refuse the request.
  if (event.size() > kPayloadBytesMax) return refused(413);

  const auto function = find_function(arn);
  if (function == nullptr) return refused(404);
  const InvokeResult result = function->invoke(arn, event);
  if (result.status < 200 || result.status >= 300) return refused(result.status, result.error_type);
  if (!result.function_error.empty()) {
    const bool timed_out = says_timed_out(result.payload);
    return {.response = std::nullopt,
            .failure = timed_out ? Failure::function_timed_out : Failure::function_error,
            .retried = true};
  }
  return {.response = Response::parse(result.payload)};
}

Outcome conclude(const Call& call, const RecordIds& ids, const Attempt& attempt,
                 const Ending& ending, MemoryBudget& memory, BlockCache& blocks) {
  const std::size_t count = call.batch.entries.size();
  Outcome outcome;
  outcome.records_in = count;
  outcome.delivered.bytes = blocks.take(call.batch.bytes.size() + call.batch.bytes.size() / 16);
  Finisher finisher(call.plan, ending, outcome);
  const auto verdicts = attempt.response
                            ? judge(*attempt.response, ids, count)
                            : std::vector<Verdict>(count, {.failure = attempt.failure});
  for (std::size_t i = 0; i < count; ++i) {
    const Verdict& verdict = verdicts[i];
    const TimePoint arrival = call.batch.entries[i].arrival;
    if (verdict.failure) {
      finisher.fail(*verdict.failure, call.batch.data(i), arrival);
    } else if (verdict.dropped) {
      ++outcome.dropped;
    } else if (!finish(finisher, *verdict.record, arrival)) {
      finisher.fail(Failure::invalid_result, call.batch.data(i), arrival);
    }
  }
  outcome.memory = Reservation::force(memory, static_cast<std::int64_t>(outcome.bytes()));
  return outcome;
}

// Four attempts of a function that fails at once take the service 20 to 35 s.
Duration back_off(std::int32_t attempt) {
  using std::chrono::seconds;
  constexpr std::array<seconds, 3> kWaits{seconds(2), seconds(6), seconds(12)};
  const auto step = static_cast<std::size_t>(attempt - 1);
  return step < kWaits.size() ? kWaits[step] : kWaits.back();
}

}  // namespace hydrant::delivery::transform
