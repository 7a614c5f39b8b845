#include "engine/delivery/transform/response.h"

#include <simdjson.h>

#include <string>
#include <unordered_map>
#include <utility>

#include "engine/delivery/transform/mended_json.h"

namespace hydrant::delivery::transform {
namespace dom = simdjson::dom;

// The whole payload is validated before anything in it is looked at: a function whose answer breaks
// off in the middle has answered nothing.
struct Response::Document {
  dom::parser parser;
};

Response::Response() : document_(std::make_unique<Document>()) {}
Response::Response(Response&&) noexcept = default;
Response& Response::operator=(Response&&) noexcept = default;
Response::~Response() = default;

namespace {

// False: it is no JSON. `numbers`: the payload, if it had to be mended; else it is left alone.
bool read(dom::parser& parser, std::string_view payload, dom::element& root,
          std::string_view& numbers) {
  // The parser copies the payload behind its own padding.
  if (parser.parse(payload.data(), payload.size(), true).get(root) == simdjson::SUCCESS)
    return true;
  numbers = payload;
  return parser.parse(mended_json(payload)).get(root) == simdjson::SUCCESS;
}

Result result_of(std::string_view text) {
  if (text == "Ok") return Result::ok;
  if (text == "Dropped") return Result::dropped;
  if (text == "ProcessingFailed") return Result::processing_failed;
  return Result::unknown;
}

std::string key_text(const dom::element& value, std::string_view numbers) {
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return std::string(text);
  if (value.is_number() && !numbers.empty()) return number_at(numbers, std::uint64_t(value));
  const bool plain = value.is_number() || value.is_bool();
  return plain ? simdjson::minify(value) : std::string();
}

void read_metadata(const dom::element& metadata, std::string_view numbers, ReturnedRecord& record) {
  dom::object keys;
  if (metadata["partitionKeys"].get(keys)) return;
  for (const auto [name, value] : keys)
    record.partition_keys.push_back({std::string(name), key_text(value, numbers)});
}

ReturnedRecord returned_record(const dom::object& members, std::string_view numbers) {
  ReturnedRecord record;
  for (const auto [name, value] : members) {
    std::string_view text;
    const bool is_text = value.get(text) == simdjson::SUCCESS;
    if (name == "recordId") {
      record.id = is_text ? text : std::string_view{};
    } else if (name == "result") {
      record.result = is_text ? result_of(text) : Result::unknown;
    } else if (name == "data") {
      record.has_data = !value.is_null();
      record.data_valid = is_text;
      record.data = is_text ? text : std::string_view{};
    } else if (name == "metadata") {
      record.partition_keys.clear();
      read_metadata(value, numbers, record);
    }
  }
  return record;
}

}  // namespace

Response Response::parse(std::string_view payload) {
  Response response;
  dom::element root;
  std::string_view numbers;
  if (!read(response.document_->parser, payload, root, numbers)) return response;
  if (root.is_null()) {  // a handler that returned nothing
    response.shape_ = Shape::nothing;
    return response;
  }
  dom::object members;
  if (root.get(members)) return response;

  dom::element records;
  bool named = false;
  for (const auto [name, value] : members) {
    if (name == "records") {
      records = value;
      named = !value.is_null();
    }
  }
  if (!named) {
    response.shape_ = Shape::nothing;
    return response;
  }
  dom::array list;
  if (records.get(list)) return response;
  for (const dom::element element : list) {
    dom::object record;
    if (element.get(record)) {
      response.records_.clear();
      return response;
    }
    response.records_.push_back(returned_record(record, numbers));
  }
  response.shape_ = response.records_.empty() ? Shape::nothing : Shape::records;
  return response;
}

namespace {

Verdict verdict_on(const ReturnedRecord& record) {
  switch (record.result) {
    case Result::dropped:
      return {.failure = std::nullopt, .dropped = true};
    case Result::processing_failed:
      return {.failure = Failure::processing_failed};
    case Result::unknown:
      return {.failure = Failure::invalid_result};
    case Result::ok:
      break;
  }
  if (!record.has_data) return {.failure = Failure::null_data};
  if (!record.data_valid) return {.failure = Failure::invalid_result};
  return {.failure = std::nullopt, .dropped = false, .record = &record};
}

}  // namespace

std::vector<Verdict> judge(const Response& response, const RecordIds& sent, std::size_t count) {
  if (response.shape() == Response::Shape::malformed)
    return std::vector<Verdict>(count, {.failure = Failure::json_processing});
  std::vector<Verdict> verdicts(count, {.failure = Failure::missing_record_id});

  std::unordered_map<std::string_view, std::size_t> index_of(count);
  for (std::size_t i = 0; i < count; ++i) index_of.emplace(sent[i], i);
  std::vector<bool> seen(count);
  for (const ReturnedRecord& record : response.records()) {
    const auto known = index_of.find(record.id);
    if (known == index_of.end()) continue;
    const std::size_t i = known->second;
    verdicts[i] = seen[i] ? Verdict{.failure = Failure::duplicated_record_id} : verdict_on(record);
    seen[i] = true;
  }
  return verdicts;
}

}  // namespace hydrant::delivery::transform
