// Reader: a pull reader over one request document, in whichever codec it came. Only codecs know
// base64 and how a timestamp is written.
#pragma once
#include <cstdint>
#include <string_view>

#include "core/base64.h"
#include "core/clock.h"

namespace hydrant::aws {

// Bytes only a binary codec has; in JSON they are a text in base64.
enum class Kind { null, boolean, number, text, bytes, list, map, malformed };

struct BlobRead {
  Base64Error error = Base64Error::none;
  char bad = 0;
  std::string_view text;   // what stood there, for the message
  std::string_view bytes;  // valid as long as the document
};

// The reader stands on one value. Leaving a map or a list goes on behind it; a value that was not
// read is checked and passed over. Once something is malformed, kind() is Kind::malformed for good.
class Reader {
 public:
  virtual ~Reader() = default;

  virtual Kind kind() = 0;
  // Of a value that is read as a blob: base64, or bytes in a codec that has them.
  virtual Kind blob_kind() const { return Kind::text; }
  virtual bool failed() const = 0;  // something was malformed: what was read since is worth nothing
  virtual void enter() = 0;         // a list or a map
  virtual bool next_member(std::string_view& name) = 0;  // false: the map has ended, and is left
  virtual bool next_element() = 0;
  virtual bool boolean() = 0;
  virtual double number() = 0;
  virtual std::int64_t integer() = 0;   // fractions are cut off, values beyond 64 bits clamped
  virtual std::string_view text() = 0;  // valid as long as the document
  virtual BlobRead blob() = 0;
  virtual TimePoint timestamp() = 0;
  virtual void skip() = 0;
  // Everything has been read and nothing but white space follows.
  virtual bool finished() = 0;
};

}  // namespace hydrant::aws
