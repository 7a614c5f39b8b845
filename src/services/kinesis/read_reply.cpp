#include "services/kinesis/read_reply.h"

namespace hydrant::kinesis {

void write_records(Writer& reply, const streams::Read& read) {
  char number[streams::SequenceNumber::kDigits];
  reply.key("Records").begin_list();
  for (const auto& record : read.records) {
    record.number.write(number);
    reply.begin_map().key("SequenceNumber").plain({number, sizeof number});
    reply.member("ApproximateArrivalTimestamp", record.arrival);
    reply.key("Data").blob(record.data);
    reply.member("PartitionKey", record.partition_key);
    if (record.encrypted) reply.member("EncryptionType", "KMS");
    reply.end_map();
  }
  reply.end_list();
}

void write_children(Writer& reply, const streams::Stream& stream, std::int32_t parent) {
  reply.key("ChildShards").begin_list();
  for (const auto& child : stream.children_of(parent)) {
    reply.begin_map().key("ShardId").plain(child->id()).key("ParentShards").begin_list();
    for (const auto& of : {child->lineage().parent, child->lineage().adjacent_parent})
      if (of) reply.plain(streams::shard_id(*of));
    reply.end_list().key("HashKeyRange").begin_map();
    reply.key("StartingHashKey").plain(child->range().first.str());
    reply.key("EndingHashKey").plain(child->range().last.str()).end_map().end_map();
  }
  reply.end_list();
}

}  // namespace hydrant::kinesis
