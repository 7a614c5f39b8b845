// Records of the Kinesis Producer Library, which packs many user records into one of the stream.
#pragma once
#include <string_view>
#include <vector>

namespace hydrant::delivery {

struct SubRecord {
  std::string_view partition_key, explicit_hash_key;  // the latter "" if there is none
  std::string_view data;
};

// Appends the user records of an aggregate in their order. False, and nothing appended, if `data`
// is a plain record: without the magic number, with a wrong checksum, or no such message inside.
// The views are of `data`. Any bytes, linear time; any thread.
bool de_aggregate(std::string_view data, std::vector<SubRecord>& records);

}  // namespace hydrant::delivery
