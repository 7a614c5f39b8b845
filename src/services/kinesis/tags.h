// Tags: what the operations that set them have in common, the checks and their order.
#pragma once
#include <optional>
#include <vector>

#include "engine/streams/tags.h"
#include "services/kinesis/operation.h"

namespace hydrant::kinesis {

inline constexpr Rules kTagKey = length(1, 128);
inline constexpr Rules kTagValue = length(0, 256);
inline constexpr Rules kTags = aws::map_of(kTagKey, kTagValue, 1, 200);
inline constexpr Rules kTagKeys = aws::list_of(kTagKey, 1, 50);

// What a resource that is about to be created may be given. `stream` stands in the sentences; none
// means that store_tags() will succeed on a new resource.
std::optional<Error> check_tags(const streams::StreamId& stream, const aws::TextMap& tags);
std::optional<Error> check_tag_keys(const streams::StreamId& stream, const std::vector<Text>& keys);

// Checks, then adds and overwrites.
std::optional<Error> store_tags(const streams::StreamId& stream, streams::Tags& store,
                                const aws::TextMap& tags);

void write_tag(Writer& reply, Text key, Text value);

}  // namespace hydrant::kinesis
