// PutRecord. Unlike PutRecordBatch, a delivery stream over its quota refuses the call itself.
#include "services/firehose/operation.h"

namespace hydrant::firehose {
namespace {

struct Record {
  Blob data;

  static constexpr auto shape() { return fields(field("Data", &Record::data, kData)); }
};

struct Input {
  Text delivery_stream_name;
  Record record;

  static constexpr auto shape() {
    return fields(field("DeliveryStreamName", &Input::delivery_stream_name, kDeliveryStreamName),
                  field("Record", &Input::record));
  }
};

Result<void> put_record(Context& ctx, const Input& in, Writer& reply) {
  const auto id = ctx.identify(in.delivery_stream_name);
  const auto stream = ctx.environment.registry.find(id);
  if (!stream) return not_found(id);
  const auto encrypted = admit_put(ctx, *stream, {&in.record.data.bytes, 1});
  if (!encrypted) return encrypted.error();
  const auto result = stream->append({&in.record.data.bytes, 1}, delivery::PutCall::record);
  if (auto refused = put_refusal(ctx, id, result.status)) return *std::move(refused);
  if (!result.throttled.empty()) return slow_down();

  RecordIds ids(ctx.environment.random);
  reply.begin_map().key("RecordId").plain(ids.next()).member("Encrypted", *encrypted).end_map();
  return {};
}

}  // namespace

extern const Operation kPutRecord = operation<&put_record>("PutRecord");

}  // namespace hydrant::firehose
