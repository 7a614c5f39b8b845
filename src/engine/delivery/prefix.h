// Prefix and ErrorOutputPrefix: text with !{namespace:value} expressions, and the folders that the
// service adds where there are none.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/random.h"
#include "engine/delivery/time_zone.h"

namespace hydrant::delivery {

// What a prefix is evaluated with, for one object.
struct Expansion {
  TimePoint time;  // arrival of the oldest record in the object
  const TimeZone& zone;
  std::string_view error_output_type;      // "processing-failed"; only for error output
  std::span<const std::string> keys = {};  // values of Prefix::keys(), in their order
};

// A prefix, taken apart once. Immutable.
class Prefix {
 public:
  enum class Kind {
    literal,
    timestamp,
    random_string,
    error_output_type,
    key_from_query,   // partitionKeyFromQuery
    key_from_lambda,  // partitionKeyFromLambda
  };
  struct Part {
    Kind kind;
    std::string text;     // of a literal; else the value behind the colon
    std::size_t key = 0;  // of a partition key: its place in keys()
  };
  // A partition key that the prefix asks for: one of the two kinds, and its name.
  struct KeyRef {
    Kind kind;
    std::string name;
    bool operator==(const KeyRef&) const = default;
  };

  Prefix() = default;
  // What is no well-formed expression stays literal text; find_prefix_error() tells of it.
  explicit Prefix(std::string_view text);

  bool empty() const { return parts_.empty(); }
  bool has_expression() const;
  bool has(Kind kind) const;
  const std::vector<Part>& parts() const { return parts_; }
  // The distinct partition keys, in the order in which they first stand in the prefix.
  const std::vector<KeyRef>& keys() const { return keys_; }

  // All timestamps show the same instant; every random string is a new one. Values of partition
  // keys go in verbatim, slashes and all; without values they are empty.
  std::string expand(const Expansion& with, Random& random) const;

 private:
  void add(Kind kind, std::string text);

  std::vector<Part> parts_;
  std::vector<KeyRef> keys_;
};

// What stands before the object's own name.
std::string data_key_prefix(const Prefix& prefix, const Expansion& with, Random& random);
// Partition keys are those of `prefix`: where there is no error prefix, error output goes below it.
std::string error_key_prefix(const Prefix& prefix, const Prefix& error_prefix,
                             const Expansion& with, Random& random);

// The first rule of the API that the two prefixes break, in the service's words without the wrapper
// that it puts around them on the wire; none if they keep them all. The rules about partition keys,
// which it wraps in nothing, are not among them.
std::optional<std::string> find_prefix_error(const std::string& prefix,
                                             const std::string& error_output_prefix);

}  // namespace hydrant::delivery
