#include "aws/envelope.h"

#include <string>

#include "aws/codec/xml.h"

namespace hydrant::aws {
net::Reply error_reply(const Error& error, Codec codec) {
  net::Reply reply;
  reply.status = error.status;
  write_body(reply.body, codec, [&](Writer& writer) {
    writer.begin_map().member("__type", error.code);
    if (error.message) writer.member(error.capital_message ? "Message" : "message", *error.message);
    if (!error.reason.empty()) writer.member("code", error.reason);
    writer.end_map();
  });
  reply.header("Content-Type", content_type(codec));
  if (codec == Codec::rpc_cbor) reply.header("smithy-protocol", "rpc-v2-cbor");
  return reply;
}

net::Reply xml_reply(int status, std::string_view type, std::string_view message) {
  net::Reply reply;
  reply.status = status;
  reply.body.append("<").append(type);
  if (message.empty()) {
    reply.body += "/>\n";
  } else {
    reply.body += ">\n  <Message>";
    append_xml_text(reply.body, message);
    reply.body.append("</Message>\n</").append(type).append(">\n");
  }
  return reply;
}

net::Reply undetermined_reply() {
  return xml_reply(403, "AccessDeniedException",
                   "Unable to determine service/operation name to be authorized");
}

net::Reply coral_reply(int status, std::string_view type) {
  net::Reply reply;
  reply.status = status;
  reply.body = R"({"Output":{"__type":"com.amazon.coral.service#)" + std::string(type) +
               R"("},"Version":"1.0"})";
  reply.header("Content-Type", content_type(Codec::plain_json));
  return reply;
}

}  // namespace hydrant::aws
