// The head of a reply, built by hand into a string that the connection reuses.
#pragma once
#include <string>
#include <string_view>

#include "core/clock.h"
#include "net/message.h"

namespace hydrant::net {

std::string_view reason_phrase(int status);
std::string http_date(TimePoint time);  // Sun, 06 Nov 1994 08:49:37 GMT

// What the client is told about the connection; `silent` is the default of its version of HTTP.
enum class ConnectionWord { silent, close, keep_alive };

// How the client knows where the body ends.
enum class Framing { length, chunked, until_close };

void write_reply_head(std::string& out, const Reply& reply, std::string_view date,
                      ConnectionWord word, Framing framing = Framing::length);

// A reply of this status ends behind its head, whatever its body.
bool has_no_body(int status);

// What the server itself says of a request it cannot take.
Reply refusal(int status);

}  // namespace hydrant::net
