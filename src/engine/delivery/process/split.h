// RecordDeAggregation: one record taken apart into several.
#pragma once
#include <string_view>
#include <vector>

namespace hydrant::delivery {

// JSON values one behind the other, with white space between them or none. Each part is the bytes
// of one value as they came; an array is one value. False, and no parts, if there is anything else
// in the record or no value at all: then it is not taken apart. A number or a word (true, false,
// null) must be followed by white space or the end. Values may be nested 1024 deep. Numbers may be
// of any size and \u escapes may be half of a pair, since nobody has to represent them here. The
// views are of `record`. Any bytes, linear time; any thread.
bool split_json(std::string_view record, std::vector<std::string_view>& parts);

// What stands between the delimiters, without them; empty pieces are left out. `delimiter` is not
// empty. Any thread.
void split_delimited(std::string_view record, std::string_view delimiter,
                     std::vector<std::string_view>& parts);

}  // namespace hydrant::delivery
