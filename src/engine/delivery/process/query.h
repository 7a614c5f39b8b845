// MetadataExtraction: a jq query makes the partition keys of a record. It runs in libjq 1.6, which
// is the engine that the service documents.
//
// A query is given its record and nothing else: no environment, no files, no further input. What
// libjq cannot be kept from is to run for ever, to ask for more memory than there is or nest a
// value without end, and to cut at a bound that the query worked out as no number.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::delivery {

struct PartitionKey {
  std::string name;
  std::string value;  // "" also of null, which the service refuses just the same
};

// A compiled query. Immutable, any thread.
class Query {
 public:
  struct Compiled {
    std::shared_ptr<const Query> query;  // null: `error` says why, in one line
    std::string error;
  };
  // Takes tens of milliseconds: libjq compiles its library of functions each time.
  static Compiled compile(std::string_view text);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

 private:
  struct Machine;
  struct Pool;

 public:
  // Runs the query on one record after the other. By one thread at a time; as many runners of a
  // query as one likes may be at work. It must not outlive its query.
  class Runner {
   public:
    Runner(Runner&&) noexcept;
    ~Runner();

    // Fills `keys`. If the record is not one JSON value, or the query fails or yields anything but
    // one object of at most 50 texts, numbers, booleans and nulls, `keys` is empty and the answer
    // says why: what is told of a failed record.
    std::optional<std::string> extract(std::string_view record, std::vector<PartitionKey>& keys);

   private:
    friend class Query;
    Runner(const Query& query, std::unique_ptr<Machine> machine);
    const Query* query_;
    std::unique_ptr<Machine> machine_;
  };
  // Costs as much as compile() where more are at work than ever before, else nothing.
  Runner runner() const;

 private:
  explicit Query(std::string program);
  const std::string program_;
  const std::unique_ptr<Pool> pool_;
};

}  // namespace hydrant::delivery
