// Prefix and ErrorOutputPrefix: text with !{namespace:value} expressions, and the folders that the
// service adds where there are none.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/random.h"

namespace hydrant::delivery {

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
    std::string text;  // of a literal; else the value behind the colon
  };

  Prefix() = default;
  // What is no well-formed expression stays literal text; find_prefix_error() tells of it.
  explicit Prefix(std::string_view text);

  bool empty() const { return parts_.empty(); }
  bool has_expression() const;
  bool has(Kind kind) const;
  const std::vector<Part>& parts() const { return parts_; }

  // All timestamps show the same instant; every random string is a new one.
  std::string expand(TimePoint time, Random& random, std::string_view error_output_type) const;

 private:
  std::vector<Part> parts_;
};

// What stands before the object's own name. `oldest` is the arrival of the oldest record in it.
std::string data_key_prefix(const Prefix& prefix, TimePoint oldest, Random& random);
std::string error_key_prefix(const Prefix& prefix, const Prefix& error_prefix,
                             std::string_view error_output_type, TimePoint oldest, Random& random);

// The first rule of the API that the two prefixes break, in the service's words without the wrapper
// that it puts around them on the wire; none if they keep them all. The rules that tie partition
// keys to dynamic partitioning are not among them.
std::optional<std::string> find_prefix_error(const std::string& prefix,
                                             const std::string& error_output_prefix);

}  // namespace hydrant::delivery
