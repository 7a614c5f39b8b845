// The shapes that data has on its way: a batch of source records before the transform, a list of
// records after it.
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base64.h"
#include "core/clock.h"
#include "engine/delivery/payload.h"
#include "engine/delivery/reservation.h"
#include "engine/streams/sequence_number.h"

namespace hydrant::delivery {

// A record that comes in. Its number is of its Kinesis shard, or made up for DirectPut.
struct IncomingRecord {
  std::string_view data;
  std::string_view partition_key;  // Kinesis source only
  TimePoint arrival;
  streams::SequenceNumber number;
  std::uint32_t subsequence = 0;  // of the records that one source record was taken apart into
};

// What the transform is given. Filled by one buffer, immutable once it is cut.
struct SourceBatch {
  struct Entry {
    std::size_t data_end = 0, key_end = 0;  // it begins where the one before ends
    TimePoint arrival;
    streams::SequenceNumber number;
    std::uint32_t subsequence = 0;
  };
  Payload bytes;
  std::string partition_keys;
  std::vector<Entry> entries;
  TimePoint oldest = TimePoint::max();
  Reservation memory;

  void add(const IncomingRecord& record) {
    bytes.append(record.data);
    partition_keys.append(record.partition_key);
    entries.push_back(
        {bytes.size(), partition_keys.size(), record.arrival, record.number, record.subsequence});
    oldest = std::min(oldest, record.arrival);
  }
  // Takes away all but the first `records`, with their share of the memory.
  SourceBatch cut_behind(std::size_t records) {
    SourceBatch rest;
    for (std::size_t i = records; i < entries.size(); ++i) rest.add(record(i));
    rest.memory = memory.split(static_cast<std::int64_t>(
        rest.bytes.size() + rest.partition_keys.size() + rest.entries.size() * sizeof(Entry)));
    bytes.truncate(bytes.size() - rest.bytes.size());
    partition_keys.resize(partition_keys.size() - rest.partition_keys.size());
    entries.resize(records);
    return rest;
  }
  IncomingRecord record(std::size_t i) const {
    const Entry& entry = entries[i];
    return {data(i), partition_key(i), entry.arrival, entry.number, entry.subsequence};
  }
  std::string_view data(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : entries[i - 1].data_end;
    return bytes.view().substr(begin, entries[i].data_end - begin);
  }
  std::string_view partition_key(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : entries[i - 1].key_end;
    return std::string_view(partition_keys).substr(begin, entries[i].key_end - begin);
  }
};

// Finished records in order, each with the arrival of the record it came from, and with the number
// of the partition it belongs to where there are several.
struct RecordList {
  struct Entry {
    std::size_t end = 0;
    TimePoint arrival;
    std::uint32_t partition = 0;
  };
  Payload bytes;
  std::vector<Entry> entries;

  std::string_view data(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : entries[i - 1].end;
    return bytes.view().substr(begin, entries[i].end - begin);
  }
  void close_entry(TimePoint arrival, std::uint32_t partition = 0) {
    entries.push_back({bytes.size(), arrival, partition});
  }
};

// What becomes one object.
struct ObjectContents {
  Payload bytes;
  std::uint64_t records = 0;
  TimePoint oldest = TimePoint::max();
  Reservation memory;
};

}  // namespace hydrant::delivery
