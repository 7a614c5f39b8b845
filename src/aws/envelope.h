// Envelopes: the replies that hold nothing but a refusal.
#pragma once
#include <string_view>

#include "aws/codec/codec.h"
#include "aws/error.h"
#include "net/message.h"

namespace hydrant::aws {

// {"__type": ..., "message": ...} in Codec::json or Codec::cbor.
net::Reply error_reply(const Error& error, Codec codec);

// The front end's own refusals, from before it knows a codec. XML without a content type.
net::Reply xml_reply(int status, std::string_view type, std::string_view message = {});
net::Reply undetermined_reply();

// What application/json gets.
net::Reply coral_reply(int status, std::string_view type);

}  // namespace hydrant::aws
