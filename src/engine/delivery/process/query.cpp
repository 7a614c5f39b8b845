#include "engine/delivery/process/query.h"

#include <mutex>
#include <utility>

extern "C" {
#include <jq.h>
#include <jv.h>
}

#include <charconv>
#include <cmath>

#include "core/mutex.h"
#include "engine/delivery/process/query_prelude.h"
#include "engine/delivery/process/query_text.h"
#include "engine/delivery/process/record_reader.h"

namespace hydrant::delivery {
namespace {

constexpr std::size_t kKeysMax = 50;

// Around a query: it ends behind its second value. What is begun must reach its end, since libjq
// cannot take back a program at any point: it ends the process where it fails to.
constexpr std::string_view kOpening = "label $_end | foreach (";
constexpr std::string_view kClosing =
    "\n) as $_value (null; if . then false else true end; "
    "if . then $_value else ($_value, break $_end) end)";

std::string text_of(jv string) {
  std::string text(jv_string_value(string),
                   static_cast<std::size_t>(jv_string_length_bytes(jv_copy(string))));
  jv_free(string);
  return text;
}

// The message of an invalid value; "" if it has none, as where a query ends.
std::string message_of(jv invalid) {
  jv message = jv_invalid_get_msg(invalid);
  if (jv_get_kind(message) == JV_KIND_STRING) return text_of(message);
  if (jv_get_kind(message) != JV_KIND_NULL) return text_of(jv_dump_string(message, 0));
  jv_free(message);
  return {};
}

// jq: error: <what> at <top-level>, line 1:
// <the program>
std::string first_line_of(std::string_view report) {
  constexpr std::string_view kBegin = "jq: error: ";
  if (report.starts_with(kBegin)) report.remove_prefix(kBegin.size());
  report = report.substr(0, report.find('\n'));
  if (report.ends_with(':')) report.remove_suffix(1);
  return std::string(report);
}

// libjq reports several errors, and then how many they were. The first one is kept.
void keep_first(void* first, jv report) {
  auto& text = *static_cast<std::string*>(first);
  if (!text.empty()) {
    jv_free(report);
    return;
  }
  text =
      jv_get_kind(report) == JV_KIND_STRING ? first_line_of(text_of(report)) : message_of(report);
}

void ignore_report(void*, jv report) { jv_free(report); }
jv no_more_input(jq_state*, void*) { return jv_invalid(); }

// As jq prints it.
std::string number_text(jv number) {
  constexpr double kPlainMax = 1e15;
  const double value = jv_number_value(number);
  const bool is_plain = std::trunc(value) == value && std::fabs(value) < kPlainMax && value != 0;
  if (!is_plain) return text_of(jv_dump_string(number, 0));
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, static_cast<long long>(value));
  return {digits, end.ptr};
}

// None if it is no scalar.
std::optional<std::string> value_text(jv value) {
  switch (jv_get_kind(value)) {
    case JV_KIND_NULL:
      return std::string();
    case JV_KIND_FALSE:
      return "false";
    case JV_KIND_TRUE:
      return "true";
    case JV_KIND_NUMBER:
      return number_text(value);
    case JV_KIND_STRING:
      return text_of(value);
    default:
      jv_free(value);
      return std::nullopt;
  }
}

std::optional<std::string> read_keys(jv object, std::vector<PartitionKey>& keys) {
  for (int i = jv_object_iter(object); jv_object_iter_valid(object, i);
       i = jv_object_iter_next(object, i)) {
    if (keys.size() == kKeysMax) return "The query yields more than 50 keys";
    auto name = text_of(jv_object_iter_key(object, i));
    auto value = value_text(jv_object_iter_value(object, i));
    if (!value) return "The value of " + name + " is an object or an array";
    keys.push_back({std::move(name), std::move(*value)});
  }
  return std::nullopt;
}

std::optional<std::string> read_result(jv result, std::vector<PartitionKey>& keys) {
  if (jv_get_kind(result) != JV_KIND_OBJECT) {
    jv_free(result);
    return "The query does not yield an object";
  }
  auto failure = read_keys(result, keys);
  jv_free(result);
  return failure;
}

}  // namespace

struct Query::Machine {
  explicit Machine(const std::string& program) : state(jq_init()) {
    jq_set_error_cb(state, &keep_first, &error);
    compiled = jq_compile(state, program.c_str()) != 0;
    jq_set_error_cb(state, &ignore_report, nullptr);
    // libjq leaves these two unset, not null.
    jq_set_debug_cb(state, &ignore_report, nullptr);
    jq_set_input_cb(state, &no_more_input, nullptr);
  }
  ~Machine() { jq_teardown(&state); }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  std::optional<std::string> run(jv record, std::vector<PartitionKey>& keys) {
    jq_start(state, record, 0);
    jv result = jq_next(state);
    if (!jv_is_valid(result)) {
      auto message = message_of(result);
      return message.empty() ? "The query yields nothing" : message;
    }
    jv more = jq_next(state);
    if (jv_is_valid(more)) {
      jv_free(more);
      jv_free(result);
      jv_free(jq_next(state));  // the end
      return "The query yields more than one value";
    }
    if (auto message = message_of(more); !message.empty()) {
      jv_free(result);
      return message;
    }
    return read_result(result, keys);
  }

  jq_state* state;
  RecordReader reader;
  std::string error;
  bool compiled = false;
};

// The machines that no runner uses.
struct Query::Pool {
  Mutex mutex;
  std::vector<std::unique_ptr<Machine>> idle GUARDED_BY(mutex);
};

Query::Query(std::string program) : program_(std::move(program)), pool_(std::make_unique<Pool>()) {}
Query::~Query() = default;

Query::Compiled Query::compile(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return {nullptr, "syntax error: a NUL character"};
  const auto bare = std::string(query_prelude()).append(text);
  // By itself first if its brackets might close those around it.
  if (!has_paired_brackets(text)) {
    Machine machine(bare);
    return {nullptr, machine.compiled ? "syntax error: brackets do not match" : machine.error};
  }
  const std::shared_ptr<Query> query(
      new Query(std::string(query_prelude()).append(kOpening).append(text).append(kClosing)));
  auto machine = std::make_unique<Machine>(query->program_);
  if (!machine->compiled) {
    // Its errors shall not speak of what is around it.
    Machine alone(bare);
    return {nullptr, alone.compiled ? machine->error : alone.error};
  }
  MutexLock lock(query->pool_->mutex);
  query->pool_->idle.push_back(std::move(machine));
  return {query, {}};
}

Query::Runner Query::runner() const {
  {
    MutexLock lock(pool_->mutex);
    if (!pool_->idle.empty()) {
      auto machine = std::move(pool_->idle.back());
      pool_->idle.pop_back();
      return {*this, std::move(machine)};
    }
  }
  return {*this, std::make_unique<Machine>(program_)};
}

Query::Runner::Runner(const Query& query, std::unique_ptr<Machine> machine)
    : query_(&query), machine_(std::move(machine)) {}
Query::Runner::Runner(Runner&&) noexcept = default;
Query::Runner::~Runner() {
  if (machine_ == nullptr) return;
  MutexLock lock(query_->pool_->mutex);
  query_->pool_->idle.push_back(std::move(machine_));
}

std::optional<std::string> Query::Runner::extract(std::string_view record,
                                                  std::vector<PartitionKey>& keys) {
  keys.clear();
  jv value = machine_->reader.read(record);
  if (!jv_is_valid(value)) {
    jv_free(value);
    return "Non JSON record provided";
  }
  auto failure = machine_->run(value, keys);
  if (failure) keys.clear();
  return failure;
}

}  // namespace hydrant::delivery
