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

// A record without what is in it, and the comma behind it.
constexpr std::string_view kDirectPutForm =
    R"({"recordId":"","approximateArrivalTimestamp":,"data":""},)";
constexpr std::string_view kKinesisForm =
    R"({"recordId":"","approximateArrivalTimestamp":,"data":"","kinesisRecordMetadata":)"
    R"({"sequenceNumber":"","subsequenceNumber":,"partitionKey":"","shardId":"",)"
    R"("approximateArrivalTimestamp":}},)";
constexpr std::size_t kTimeDigitsMax = 20, kSubsequenceDigitsMax = 10;
constexpr std::size_t kShardIdLength = 20;
constexpr std::size_t kDirectPutBytesMax =
    kDirectPutForm.size() + kDirectPutIdLength + kTimeDigitsMax;
constexpr std::size_t kKinesisBytesMax = kKinesisForm.size() + kKinesisIdLength + kDigits +
                                         kSubsequenceDigitsMax + kShardIdLength +
                                         2 * kTimeDigitsMax;

constexpr std::size_t record_head_bytes_max(SourceType source) {
  return source == SourceType::kinesis_stream ? kKinesisBytesMax : kDirectPutBytesMax;
}

// As JsonWriter writes it. A byte that is not UTF-8 becomes a character of three.
std::size_t json_text_bytes_max(std::string_view text) {
  std::size_t bytes = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    bytes += byte < 0x20 ? 6 : byte >= 0x80 ? 3 : 1;  // \u0000
    bytes += c == '"' || c == '\\' ? 1 : 0;
  }
  return bytes;
}

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

std::size_t event_bytes_max(const IncomingRecord& record, SourceType source) {
  return record_head_bytes_max(source) + base64_encoded_size(record.data.size()) +
         json_text_bytes_max(record.partition_key);
}

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
  constexpr std::size_t kPaddingMax = 4;  // of the base64 of each record
  const std::size_t head = record_head_bytes_max(settings.source_type) + kPaddingMax;
  text.reserve(kEventHeadBytesMax + batch.entries.size() * head + batch.partition_keys.size() +
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
