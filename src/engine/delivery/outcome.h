// Outcome: what became of a batch that was worked on.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/delivery/batch.h"
#include "engine/delivery/errors.h"
#include "engine/delivery/settings.h"

namespace hydrant::delivery {

// One event of the error log: what happened, and perhaps to how many.
struct ErrorEvent {
  std::string code, message;
};

struct Outcome {
  SourceBatch for_lambda;  // what is to go through the function next
  RecordList delivered;    // what is finished
  // The values of the partition keys, for each partition that `delivered` names; without dynamic
  // partitioning none.
  std::vector<std::vector<std::string>> partitions;
  std::array<RecordList, kErrorOutputs> failed;  // lines of the error outputs

  std::uint64_t records_in = 0;        // worked on; of an intake perhaps not all of its batch
  std::uint64_t dropped = 0;           // by the function
  std::uint64_t control_messages = 0;  // dropped by CloudWatchLogProcessing
  std::uint64_t decompressed_records = 0, decompressed_bytes = 0;
  std::uint64_t added_records = 0;  // more than came in, by de-aggregation
  std::uint64_t empty_records = 0;  // fewer: nothing between the delimiters, or no log event
  std::uint64_t query_us = 0;       // time in jq
  std::vector<ErrorEvent> events;   // one of each kind
  Reservation memory;               // for all lists

  std::size_t bytes() const {
    std::size_t sum = for_lambda.bytes.size() + for_lambda.partition_keys.size() +
                      for_lambda.entries.size() * sizeof(SourceBatch::Entry) +
                      delivered.bytes.size();
    for (const RecordList& list : failed) sum += list.bytes.size();
    return sum;
  }
  std::size_t failed_records() const {
    std::size_t sum = 0;
    for (const RecordList& list : failed) sum += list.entries.size();
    return sum;
  }
};

// How the work on a batch ended, for the lines of what failed.
struct Ending {
  std::int32_t attempts = 1;
  TimePoint ended;
  FailureRecordStyle style = FailureRecordStyle::current;
};

}  // namespace hydrant::delivery
