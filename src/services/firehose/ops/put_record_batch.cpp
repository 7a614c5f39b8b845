// PutRecordBatch. Records over the quota fail alone; the call succeeds.
#include "services/firehose/operation.h"

namespace hydrant::firehose {
namespace {

constexpr std::size_t kCallBytesMax = 4 * 1024 * 1024;

struct Record {
  static constexpr std::string_view kTypeName = "Record";
  Blob data;

  static constexpr auto shape() { return fields(field("Data", &Record::data, kData)); }
};

struct Input {
  Text delivery_stream_name;
  std::vector<Record> records;

  static constexpr auto shape() {
    return fields(field("DeliveryStreamName", &Input::delivery_stream_name, kDeliveryStreamName),
                  field("Records", &Input::records, length(1, 500)));
  }
};

void write_responses(const Context& ctx, std::size_t count,
                     const std::vector<std::uint32_t>& throttled, Writer& reply) {
  const Error failure = slow_down();
  RecordIds ids(ctx.environment.random);
  auto next_throttled = throttled.begin();
  reply.key("RequestResponses").begin_list();
  for (std::size_t i = 0; i < count; ++i) {
    reply.begin_map();
    if (next_throttled != throttled.end() && *next_throttled == i) {
      ++next_throttled;
      reply.member("ErrorCode", failure.code).member("ErrorMessage", *failure.message);
    } else {
      reply.key("RecordId").plain(ids.next());
    }
    reply.end_map();
  }
  reply.end_list();
}

Result<void> put_record_batch(Context& ctx, const Input& in, Writer& reply) {
  const auto id = ctx.identify(in.delivery_stream_name);
  const auto stream = ctx.environment.registry.find(id);
  if (!stream) return not_found(id);
  std::vector<std::string_view> records;
  records.reserve(in.records.size());
  std::size_t bytes = 0;
  for (const auto& record : in.records) {
    records.push_back(record.data.bytes);
    bytes += record.data.bytes.size();
  }
  if (bytes > kCallBytesMax) return Error::invalid_argument("Records size exceeds 4 MB limit");
  const auto encrypted = admit_put(ctx, *stream, records);
  if (!encrypted) return encrypted.error();
  const auto result = stream->append(records);
  if (auto refused = put_refusal(ctx, id, result.status)) return *std::move(refused);

  const auto failed = static_cast<std::int64_t>(result.throttled.size());
  reply.begin_map().member("FailedPutCount", failed).member("Encrypted", *encrypted);
  write_responses(ctx, records.size(), result.throttled, reply);
  reply.end_map();
  return {};
}

}  // namespace

extern const Operation kPutRecordBatch = operation<&put_record_batch>("PutRecordBatch");

}  // namespace hydrant::firehose
