// What CloudWatch Logs sends by a subscription: gzip around a JSON message of log events.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "engine/delivery/payload.h"

namespace hydrant::delivery {

// Decompression. One or more gzip members and nothing behind them, of at most `bytes_max` bytes in
// all; none if it is anything else. Takes no more memory than `bytes_max`, whatever the input
// claims. Any thread.
std::optional<Payload> gunzip(std::string_view bytes, std::size_t bytes_max);

enum class SubscriptionMessage {
  data,
  control,    // CloudWatch Logs tries whether the subscription works
  malformed,  // not such a message at all
};

// CloudWatchLogProcessing with DataMessageExtraction: appends the message of every log event to
// `lines`, each with a newline behind it. Appends nothing unless it is a data message. Any bytes;
// any thread.
SubscriptionMessage append_log_lines(std::string_view json, Payload& lines);

}  // namespace hydrant::delivery
