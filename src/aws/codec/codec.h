// Codec: what a content type stands for. Requests are read and replies written in one.
#pragma once
#include <string>
#include <string_view>

#include "aws/codec/cbor.h"
#include "aws/codec/json_reader.h"
#include "aws/codec/json_reply_writer.h"

namespace hydrant::aws {

enum class Codec {
  none,        // not a request of the services
  json,        // AWS JSON 1.1
  plain_json,  // application/json: recognised, but it never reaches an operation
  cbor,
  json_1_0,  // AWS JSON 1.0 and
  rpc_cbor,  // Smithy RPC v2: spoken by services that have a QueryFace, and unknown to the others
};

constexpr bool is_cbor(Codec codec) { return codec == Codec::cbor || codec == Codec::rpc_cbor; }
constexpr bool is_of_older_services(Codec codec) {
  return codec == Codec::json_1_0 || codec == Codec::rpc_cbor;
}

// Of a Content-Type header, without what follows its first ';'.
Codec codec_of(std::string_view header);
std::string_view content_type(Codec codec);  // not of Codec::none

// Whether the body is one document, all of it well formed, and a map.
bool well_formed_map(std::string_view body, Codec codec);

// Buffers of simdjson and of decoded blobs are worth keeping, and an I/O thread serves one request
// at a time: one set a thread. It holds nothing between two requests.
JsonScratch& scratch_of_thread();

// Calls `use` with a reader of the body. What it has read is gone when it has returned.
template <class Use>
auto read_body(std::string_view body, Codec codec, const Use& use) {
  if (is_cbor(codec)) {
    CborReader reader(body);
    return use(static_cast<Reader&>(reader));
  }
  JsonReader reader(body, scratch_of_thread());
  return use(static_cast<Reader&>(reader));
}

// Calls `use` with a writer to the end of `out`.
template <class Use>
auto write_body(std::string& out, Codec codec, const Use& use) {
  if (is_cbor(codec)) {
    CborReplyWriter writer(out);
    return use(static_cast<Writer&>(writer));
  }
  JsonReplyWriter writer(out);
  return use(static_cast<Writer&>(writer));
}

}  // namespace hydrant::aws
