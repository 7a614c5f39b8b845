// What a transform function answered: parsed, and judged record by record.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/delivery/errors.h"
#include "engine/delivery/process/query.h"
#include "engine/delivery/transform/event.h"

namespace hydrant::delivery::transform {

enum class Result { ok, dropped, processing_failed, unknown };

// One element of "records", as far as it matters; other members are ignored.
struct ReturnedRecord {
  std::string_view id;  // "" if it has none, and then it matches nothing
  Result result = Result::unknown;
  bool has_data = false;   // a member that is not null
  bool data_valid = true;  // and is a string
  std::string_view data;   // base64, not yet checked
  // metadata.partitionKeys: strings as they are, numbers and booleans as text, anything else empty.
  std::vector<PartitionKey> partition_keys;
};

// The payload as a list of records. The views live as long as it.
class Response {
 public:
  enum class Shape {
    records,
    nothing,    // JSON of the expected shape that names no records
    malformed,  // no JSON, or of another shape
  };

  // Takes any bytes: not JSON, too deep, invalid UTF-8, endless, of wrong types. Never throws on
  // account of them. Of a member that comes twice the last one stands, and a number may have any
  // size, as with the service's parser; half a surrogate pair is read as U+FFFD.
  static Response parse(std::string_view payload);

  Response(Response&&) noexcept;
  Response& operator=(Response&&) noexcept;
  ~Response();
  Shape shape() const { return shape_; }
  const std::vector<ReturnedRecord>& records() const { return records_; }

 private:
  struct Document;
  Response();
  Shape shape_ = Shape::malformed;
  std::vector<ReturnedRecord> records_;
  std::unique_ptr<Document> document_;
};

// What becomes of a record that was sent.
struct Verdict {
  std::optional<Failure> failure;
  bool dropped = false;
  const ReturnedRecord* record = nullptr;  // what is delivered, if neither of the above
};

// One verdict for each of the `count` records sent, in their order; they point into `response`. Ids
// that were never sent are ignored.
std::vector<Verdict> judge(const Response& response, const RecordIds& sent, std::size_t count);

}  // namespace hydrant::delivery::transform
