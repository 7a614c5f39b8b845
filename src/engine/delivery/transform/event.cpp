#include "engine/delivery/transform/event.h"

#include "core/json_writer.h"

namespace hydrant::delivery::transform {
namespace {

constexpr std::size_t kDigits = streams::SequenceNumber::kDigits;

// <sequence number><subsequence number in six digits>
constexpr std::size_t kSubsequenceDigits = 6;
constexpr std::size_t kKinesisIdLength = kDigits + kSubsequenceDigits;

// DirectPut ids look like those of a shard of the service's own, and are 160 characters long.
constexpr std::string_view kShard = "shardId-";
constexpr std::size_t kZerosBefore = 84, kDigitsBehind = 12;
constexpr std::size_t kDirectPutIdLength = kShard.size() + kZerosBefore + kDigits + kDigitsBehind;

void append_padded(std::string& text, std::uint32_t value, std::size_t digits) {
  const std::size_t begin = text.size();
  text.append(digits, '0');
  for (std::size_t i = digits; i > 0 && value > 0; --i, value /= 10)
    text[begin + i - 1] = static_cast<char>('0' + value % 10);
}

void write_record(JsonWriter& json, const SourceBatch& batch, std::size_t i, std::string_view id,
                  SourceType source) {
  const auto& entry = batch.entries[i];
  json.begin_object()
      .member("recordId", id)
      .member("approximateArrivalTimestamp", epoch_millis(entry.arrival))
      .key("data")
      .base64(batch.data(i));
  if (source == SourceType::kinesis_stream) {
    json.key("kinesisRecordMetadata")
        .begin_object()
        .member("sequenceNumber", entry.number.str())
        .member("subsequenceNumber", std::int64_t{entry.subsequence})
        .member("partitionKey", batch.partition_key(i))
        .member("shardId", streams::shard_id(entry.number.shard))
        .member("approximateArrivalTimestamp", epoch_millis(entry.arrival))
        .end_object();
  }
  json.end_object();
}

}  // namespace

RecordIds::RecordIds(const SourceBatch& batch, SourceType source)
    : length_(source == SourceType::kinesis_stream ? kKinesisIdLength : kDirectPutIdLength) {
  text_.reserve(batch.entries.size() * length_);
  char digits[kDigits];
  for (const auto& entry : batch.entries) {
    entry.number.write(digits);
    if (source == SourceType::kinesis_stream) {
      text_.append(digits, kDigits);
      append_padded(text_, entry.subsequence, kSubsequenceDigits);
    } else {
      text_.append(kShard).append(kZerosBefore, '0').append(digits, kDigits);
      append_padded(text_, entry.subsequence, kDigitsBehind);
    }
  }
}

std::string event_json(const SourceBatch& batch, const RecordIds& ids,
                       const std::string& invocation_id, const DeliveryStreamSettings& settings) {
  std::string text;
  text.reserve(kEventHeadBytesMax + batch.entries.size() * kEventRecordHeadBytesMax +
               base64_encoded_size(batch.bytes.size()));
  JsonWriter json(text);
  json.begin_object().member("invocationId", invocation_id);
  if (settings.source_type == SourceType::kinesis_stream)
    json.member("sourceKinesisStreamArn", settings.source.arn);
  json.member("deliveryStreamArn", settings.id.arn()).member("region", settings.id.region);
  json.key("records").begin_array();
  for (std::size_t i = 0; i < batch.entries.size(); ++i)
    write_record(json, batch, i, ids[i], settings.source_type);
  json.end_array().end_object();
  return text;
}

}  // namespace hydrant::delivery::transform
