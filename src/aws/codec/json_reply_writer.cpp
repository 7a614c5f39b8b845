#include "aws/codec/json_reply_writer.h"

#include <charconv>

namespace hydrant::aws {

Writer& JsonReplyWriter::timestamp(TimePoint time) {
  const std::int64_t millis = epoch_millis(time);
  char text[32];
  char* end = std::to_chars(text, text + sizeof text, millis / 1000).ptr;
  if (const auto fraction = millis % 1000; fraction != 0) {
    *end++ = '.';
    for (const auto digit : {fraction / 100, fraction / 10 % 10, fraction % 10})
      *end++ = static_cast<char>('0' + digit);
    while (end[-1] == '0') --end;
  }
  return wrote(json_.raw({text, end}));
}

}  // namespace hydrant::aws
