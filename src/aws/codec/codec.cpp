#include "aws/codec/codec.h"

namespace hydrant::aws {
namespace {

constexpr std::string_view kJson = "application/x-amz-json-1.1";
constexpr std::string_view kPlainJson = "application/json";
constexpr std::string_view kCbor = "application/x-amz-cbor-1.1";
constexpr std::string_view kJson10 = "application/x-amz-json-1.0";
constexpr std::string_view kRpcCbor = "application/cbor";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

Codec codec_of(std::string_view header) {
  const auto type = trim(header.substr(0, header.find(';')));
  if (type == kJson) return Codec::json;
  if (type == kPlainJson) return Codec::plain_json;
  if (type == kCbor) return Codec::cbor;
  if (type == kJson10) return Codec::json_1_0;
  if (type == kRpcCbor) return Codec::rpc_cbor;
  return Codec::none;
}

std::string_view content_type(Codec codec) {
  switch (codec) {
    case Codec::cbor:
      return kCbor;
    case Codec::rpc_cbor:
      return kRpcCbor;
    case Codec::json_1_0:
      return kJson10;
    case Codec::plain_json:
      return kPlainJson;
    case Codec::json:
    case Codec::none:
      break;
  }
  return kJson;
}

bool well_formed_map(std::string_view body, Codec codec) {
  return read_body(body, codec, [](Reader& reader) {
    if (reader.kind() != Kind::map) return false;
    reader.skip();
    return reader.finished();
  });
}

JsonScratch& scratch_of_thread() {
  thread_local JsonScratch scratch;
  return scratch;
}

}  // namespace hydrant::aws
