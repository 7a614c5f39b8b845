// RecordReader: a record as a value of libjq. libjq's own parser takes most of the time of a simple
// query, so simdjson reads what the two read alike, and libjq's all the rest.
#pragma once
#include <simdjson.h>

#include <string_view>

extern "C" {
#include <jv.h>
}

namespace hydrant::delivery {

// By one thread at a time.
class RecordReader {
 public:
  // What jq makes of the record if it is exactly one value; invalid for anything else. The caller
  // owns it.
  jv read(std::string_view record);

 private:
  simdjson::dom::parser parser_;
};

}  // namespace hydrant::delivery
