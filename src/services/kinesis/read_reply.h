// The members that GetRecords and the events of SubscribeToShard have in common.
#pragma once
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {

void write_records(Writer& reply, const streams::Read& read);
// ChildShards: the end of a closed shard tells where its records go on.
void write_children(Writer& reply, const streams::Stream& stream, std::int32_t parent);

}  // namespace hydrant::kinesis
