// Frames of application/vnd.amazon.eventstream: lengths, headers, payload, and a checksum over each
// part, all integers big-endian.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "aws/error.h"

namespace hydrant::aws {

inline constexpr std::string_view kEventStreamType = "application/vnd.amazon.eventstream";

// One message at the end of `out`. What is appended to `out` between construction and finish() is
// the payload, written where it will be sent from. Clients take messages of up to 16 MiB.
class EventMessage {
 public:
  // An event of the operation's own: "SubscribeToShardEvent".
  static EventMessage event(std::string& out, std::string_view type);
  void finish();

 private:
  friend void append_exception(std::string& out, const Error& error);
  explicit EventMessage(std::string& out);
  void header(std::string_view name, std::string_view value);
  void end_headers();

  std::string& out_;
  const std::size_t start_;
};

// Clients wait for it before they hand the stream to their caller.
void append_initial_response(std::string& out);
// Ends the stream, by one of the exceptions that the operation's model lists for it.
void append_exception(std::string& out, const Error& error);

}  // namespace hydrant::aws
