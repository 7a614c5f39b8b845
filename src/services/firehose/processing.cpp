#include "services/firehose/processing.h"

#include <algorithm>
#include <set>

#include "aws/arn.h"
#include "core/base64.h"
#include "engine/delivery/process/query.h"
#include "services/firehose/json_access.h"

namespace hydrant::firehose {
namespace {

using aws::Error;
using aws::Json;
using Text = std::string_view;
using Verdict = std::optional<Error>;

constexpr std::size_t kProcessorsMax = 5;

template <class Number>
bool lies_between(const std::string& text, Number min, Number max) {
  const auto value = parse_number<Number>(text);
  return value && *value >= min && *value <= max;
}

bool is_name(Text text, Text more) {
  return !text.empty() && std::ranges::all_of(text, [more](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           more.find(c) != Text::npos;
  });
}

// arn:aws:lambda:us-east-1:123456789012:function:name, and perhaps :qualifier
bool is_function_arn(const std::string& text) {
  constexpr Text kKind = "function:";
  const auto arn = aws::Arn::parse(text);
  if (!arn || arn->service != "lambda" || !arn->resource.starts_with(kKind)) return false;
  const bool account_fits =
      arn->account.size() == 12 &&
      std::ranges::all_of(arn->account, [](char c) { return c >= '0' && c <= '9'; });
  if (!account_fits || !is_name(arn->partition, "-") || !is_name(arn->region, "-")) return false;
  Text name = arn->resource.substr(kKind.size());
  const auto colon = name.find(':');
  if (colon != Text::npos && !is_name(name.substr(colon + 1), "$-_")) return false;
  return is_name(name.substr(0, colon), "-_");
}

Verdict check_lambda(const Processor& processor) {
  const auto* arn = processor.find("LambdaArn");
  if (arn == nullptr)
    return Error::invalid_argument("LambdaArn is required when Lambda processor is used.");
  if (!is_function_arn(*arn)) return Error::invalid_argument("Invalid lambda ARN.");
  const auto* retries = processor.find("NumberOfRetries");
  if (retries != nullptr && !lies_between<std::int32_t>(*retries, 0, 300))
    return Error::invalid_argument("Number of retries for lambda must be between 0 and 300.");
  const auto* size = processor.find("BufferSizeInMBs");
  const auto* interval = processor.find("BufferIntervalInSeconds");
  if ((size == nullptr) != (interval == nullptr))
    return Error::invalid_argument(
        "Both BufferSizeInMBs and BufferIntervalInSeconds are required to configure buffering for "
        "lambda processor.");
  if (size != nullptr && !lies_between<double>(*size, 0.2, 3.0))
    return Error::invalid_argument(
        "BufferSizeInMBs for lambda processor must be between 0.2 and 3.");
  if (interval != nullptr && !lies_between<std::int32_t>(*interval, 0, 900))
    return Error::invalid_argument(
        "BufferIntervalInSeconds for lambda processor must be between 0 and 900.");
  return std::nullopt;
}

Error needs_dynamic_partitioning(Text class_name) {
  return Error::invalid_argument("class com.amazonaws.services.firehose.internal.model." +
                                 std::string(class_name) +
                                 " can only be present when Dynamic Partitioning is enabled.");
}

Verdict check_de_aggregation(const Processor& processor, bool dynamic_partitioning) {
  const auto* type = processor.find("SubRecordType");
  if (type == nullptr || (*type != "JSON" && *type != "DELIMITED"))
    return Error::invalid_argument("SubRecordType has to be one of JSON, DELIMITED");
  const auto* delimiter = processor.find("Delimiter");
  if (*type == "DELIMITED" && delimiter == nullptr)
    return Error::invalid_argument("Delimiter should be present for DELIMITED");
  std::string bytes;
  const bool readable = *type == "JSON" || (base64_decode(*delimiter, bytes) && !bytes.empty());
  if (!readable) return Error::invalid_argument("Delimiter should be base64 encoded for DELIMITED");
  if (!dynamic_partitioning) return needs_dynamic_partitioning("RecordDeAggregationProcessor");
  return std::nullopt;
}

Verdict check_metadata_extraction(const Processor& processor, bool dynamic_partitioning) {
  const auto* engine = processor.find("JsonParsingEngine");
  if (engine == nullptr || *engine != "JQ-1.6")
    return Error::invalid_argument(
        "MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6");
  if (!dynamic_partitioning) return needs_dynamic_partitioning("MetadataExtractionProcessor");
  const auto* query = processor.find("MetadataExtractionQuery");
  if (query == nullptr)
    return Error::invalid_argument(
        "MetadataExtractionQuery is required when MetadataExtraction processor is used.");
  const auto compiled = delivery::Query::compile(*query);
  if (compiled.query) return std::nullopt;
  return Error::invalid_argument("MetaDataExtraction JQ Query is not valid: " + compiled.error);
}

Verdict check_decompression(const Processor& processor) {
  const auto* format = processor.find("CompressionFormat");
  if (format == nullptr || *format == "GZIP") return std::nullopt;
  return Error::invalid_argument(
      "Invalid parameter value for CompressionFormat. Allowed values are GZIP.");
}

Verdict check_log_processing(const Processor& processor, bool decompresses) {
  if (!decompresses)
    return Error::invalid_argument(
        "CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor");
  const auto* extraction = processor.find("DataMessageExtraction");
  if (extraction == nullptr || (!is_word(*extraction, "true") && !is_word(*extraction, "false")))
    return Error::invalid_argument(
        "Invalid parameter value for DataMessageExtraction. Allowed values are True and False.");
  return std::nullopt;
}

bool has_duplicate(const Processor& processor) {
  std::set<Text> names;
  return !std::ranges::all_of(processor.parameters, [&](const auto& parameter) {
    return names.insert(parameter.first).second;
  });
}

Json lambda_parameters(const Processor& processor, const std::string& role_arn,
                       const LambdaBuffer& buffer) {
  const std::pair<Text, std::string> kept[] = {{"LambdaArn", ""},
                                               {"NumberOfRetries", "3"},
                                               {"RoleArn", role_arn},
                                               {"BufferSizeInMBs", buffer.size_mb},
                                               {"BufferIntervalInSeconds", buffer.interval_s}};
  Json parameters = Json::array();
  for (const auto& [name, value_default] : kept) {
    const auto* given = processor.find(name);
    const std::string& value = given == nullptr ? value_default : *given;
    if (!value.empty()) parameters.push_back({{"ParameterName", name}, {"ParameterValue", value}});
  }
  return parameters;
}

}  // namespace

const std::string* Processor::find(Text parameter) const {
  const auto found =
      std::ranges::find(parameters, parameter, [](const auto& entry) { return Text(entry.first); });
  return found == parameters.end() ? nullptr : &found->second;
}

std::vector<Processor> processors_of(const Json& configuration) {
  std::vector<Processor> processors;
  const auto* list = member(configuration, "Processors");
  if (list == nullptr) return processors;
  for (const auto& entry : *list) {
    auto& processor = processors.emplace_back(Processor{text_of(entry, "Type"), {}});
    const auto* parameters = member(entry, "Parameters");
    if (parameters == nullptr) continue;
    for (const auto& parameter : *parameters)
      processor.parameters.emplace_back(text_of(parameter, "ParameterName"),
                                        text_of(parameter, "ParameterValue"));
  }
  return processors;
}

std::optional<Error> check_processors(const std::vector<Processor>& processors,
                                      bool dynamic_partitioning) {
  if (processors.empty() || processors.size() > kProcessorsMax)
    return Error::invalid_argument(
        "A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is "
        "enabled.");
  for (const auto& processor : processors) {
    if (processor.type == "AppendDelimiterToRecord") continue;
    if (std::ranges::count(processors, processor.type, &Processor::type) > 1)
      return Error::invalid_argument("Cannot have more than 1 " + processor.type + " processor.");
  }
  if (std::ranges::any_of(processors, &has_duplicate))
    return Error::invalid_argument(
        "Duplicate ProcessorParameter passed to ProcessingConfiguration.");
  const bool decompresses = std::ranges::count(processors, "Decompression", &Processor::type) > 0;
  for (const auto& processor : processors) {
    Verdict error;
    if (processor.type == "Lambda") error = check_lambda(processor);
    if (processor.type == "RecordDeAggregation")
      error = check_de_aggregation(processor, dynamic_partitioning);
    if (processor.type == "MetadataExtraction")
      error = check_metadata_extraction(processor, dynamic_partitioning);
    if (processor.type == "CloudWatchLogProcessing")
      error = check_log_processing(processor, decompresses);
    if (processor.type == "Decompression") error = check_decompression(processor);
    if (error) return error;
  }
  return std::nullopt;
}

Json describe_processing(const Json& configuration, const std::string& role_arn,
                         const LambdaBuffer& buffer) {
  Json description{{"Enabled", flag_of(configuration, "Enabled")}};
  const auto* given = member(configuration, "Processors");
  if (given == nullptr) return description;
  Json processors = *given;
  const auto parsed = processors_of(configuration);
  for (std::size_t i = 0; i < parsed.size(); ++i) {
    if (parsed[i].type == "Lambda")
      processors[i]["Parameters"] = lambda_parameters(parsed[i], role_arn, buffer);
  }
  description["Processors"] = std::move(processors);
  return description;
}

}  // namespace hydrant::firehose
