// What the engine makes of a ProcessingConfiguration whose processors have passed.
#include <algorithm>

#include "core/base64.h"
#include "services/firehose/json_access.h"
#include "services/firehose/processing.h"

namespace hydrant::firehose {
namespace {

using delivery::DeAggregationSettings;

delivery::LambdaSettings lambda_settings(const Processor& processor) {
  delivery::LambdaSettings lambda;
  lambda.arn = *processor.find("LambdaArn");
  lambda.role_arn = *processor.find("RoleArn");
  lambda.number_of_retries = *parse_number<std::int32_t>(*processor.find("NumberOfRetries"));
  lambda.buffer_size_mb = *parse_number<double>(*processor.find("BufferSizeInMBs"));
  lambda.buffer_interval_s =
      *parse_number<std::int32_t>(*processor.find("BufferIntervalInSeconds"));
  return lambda;
}

DeAggregationSettings de_aggregation_settings(const Processor& processor) {
  DeAggregationSettings settings;
  if (*processor.find("SubRecordType") == "JSON") return settings;
  settings.type = DeAggregationSettings::Type::delimited;
  base64_decode(*processor.find("Delimiter"), settings.delimiter);
  return settings;
}

// A backslash and an n are how a newline is written here: a value may not be blank.
std::string delimiter_of(const Processor& processor) {
  const auto* delimiter = processor.find("Delimiter");
  return delimiter == nullptr || *delimiter == "\\n" ? "\n" : *delimiter;
}

}  // namespace

bool is_word(std::string_view text, std::string_view word) {
  return std::ranges::equal(text, word, [](char given, char wanted) {
    return given == wanted || (given >= 'A' && given <= 'Z' && given + ('a' - 'A') == wanted);
  });
}

delivery::ProcessingSettings processing_settings(const aws::Json& description) {
  delivery::ProcessingSettings settings;
  if (!flag_of(description, "Enabled")) return settings;
  for (const auto& processor : processors_of(description)) {
    if (processor.type == "Decompression") settings.decompression = true;
    if (processor.type == "CloudWatchLogProcessing")
      settings.cloud_watch_log_messages = is_word(*processor.find("DataMessageExtraction"), "true");
    if (processor.type == "RecordDeAggregation")
      settings.de_aggregation = de_aggregation_settings(processor);
    if (processor.type == "Lambda") settings.lambda = lambda_settings(processor);
    if (processor.type == "MetadataExtraction")
      settings.metadata_extraction_query = *processor.find("MetadataExtractionQuery");
    if (processor.type == "AppendDelimiterToRecord")
      settings.append_delimiter = settings.append_delimiter.value_or("") + delimiter_of(processor);
  }
  return settings;
}

}  // namespace hydrant::firehose
