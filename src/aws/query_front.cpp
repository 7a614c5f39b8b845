#include "aws/query_front.h"

#include <libdeflate.h>

#include <memory>

#include "aws/codec/xml.h"

namespace hydrant::aws {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr std::string_view kXml = "text/xml";
constexpr std::size_t kTrailerBytes = 4;  // of a gzip member: the length of what it holds

struct Renamed {
  std::string_view from, to;
  int status;
  std::string_view message;  // none: the one of AWS JSON
};
constexpr Renamed kRenamed[] = {
    {"MissingAuthenticationTokenException", "MissingAuthenticationToken", 403,
     "Request is missing Authentication Token"},
    {"IncompleteSignatureException", "IncompleteSignature", 403, {}},
    {"InvalidSignatureException", "SignatureDoesNotMatch", 403, {}},
    {"UnrecognizedClientException", "InvalidClientTokenId", 403, {}},
    {"ExpiredTokenException", "ExpiredToken", 403, {}},
    {"ValidationException", "ValidationError", 400, {}},
    {"SerializationException", "MalformedInput", 400, {}},
};

Error renamed(Error error) {
  for (const auto& each : kRenamed) {
    if (error.code != each.from) continue;
    error.code = each.to;
    error.status = each.status;
    if (!each.message.empty()) error.message = each.message;
    break;
  }
  return error;
}

net::Reply xml(int status, std::string body) {
  net::Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  reply.header("Content-Type", kXml);
  return reply;
}

}  // namespace

bool is_form(const net::Request& request) {
  const auto type = request.header("content-type");
  return type.substr(0, kForm.size()) == kForm && request.header("x-amz-target").empty();
}

std::optional<std::string> gunzip(std::string_view packed, std::size_t bytes_max) {
  if (packed.size() < kTrailerBytes) return std::nullopt;
  std::size_t size = 0;
  for (std::size_t i = 0; i < kTrailerBytes; ++i)
    size |= static_cast<std::size_t>(
                static_cast<unsigned char>(packed[packed.size() - kTrailerBytes + i]))
            << (8 * i);
  if (size > bytes_max) return std::nullopt;
  const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> decompressor(
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  std::string plain(size + net::kBodyPadding, '\0');
  const auto outcome = libdeflate_gzip_decompress(decompressor.get(), packed.data(), packed.size(),
                                                  plain.data(), size, nullptr);
  if (outcome != LIBDEFLATE_SUCCESS) return std::nullopt;
  return plain;
}

Service* service_of_version(std::span<Service* const> services, std::string_view version) {
  for (auto* service : services) {
    const auto face = service->query_face();
    if (face && face->version == version) return service;
  }
  return nullptr;
}

net::Reply query_reply(std::string_view operation, const QueryFace& face, std::string_view result,
                       std::string_view request_id) {
  return xml(200, xml_result(operation, face.xml_namespace, result, request_id));
}

net::Reply query_error_reply(const Error& error, const QueryFace& face,
                             std::string_view request_id) {
  const auto named = renamed(error);
  return xml(named.status, xml_error(named, face.xml_namespace, request_id));
}

}  // namespace hydrant::aws
