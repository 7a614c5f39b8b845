// Finisher: the end of the work on a record: its partition keys, its delimiter, its place in the
// outcome; or its line in an error output.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/delivery/failure_record.h"
#include "engine/delivery/outcome.h"
#include "engine/delivery/plan.h"

namespace hydrant::delivery {

// metadata.partitionKeys of a record that a function returned.
using ReturnedKeys = std::vector<PartitionKey>;

// For one batch, on the thread that works on it. `plan` and `outcome` outlive it.
class Finisher {
 public:
  Finisher(const Plan& plan, const Ending& ending, Outcome& outcome);

  // Room behind what is delivered so far, which the caller fills and hands to finish().
  char* room(std::size_t bytes) { return outcome_.delivered.bytes.reserve_more(bytes); }
  void finish(std::size_t bytes, TimePoint arrival, const ReturnedKeys& from_function = {});
  void finish(std::string_view data, TimePoint arrival);

  // `message`: instead of the failure's own.
  void fail(Failure failure, std::string_view raw_data, TimePoint arrival,
            std::string_view message = {});

 private:
  // The number of the partition that a record belongs to; none: it has failed.
  std::optional<std::uint32_t> partition_of(std::string_view data, TimePoint arrival,
                                            const ReturnedKeys& from_function);
  std::uint32_t number_of(std::vector<std::string> values);
  void note(std::string_view code, std::string_view message);

  const Plan& plan_;
  const Ending ending_;
  Outcome& outcome_;
  std::optional<Query::Runner> runner_;
  std::vector<PartitionKey> extracted_;
  std::map<std::vector<std::string>, std::uint32_t> numbers_;  // of partitions, by their values
};

}  // namespace hydrant::delivery
