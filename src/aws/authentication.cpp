#include "aws/authentication.h"

#include <algorithm>
#include <cstring>

#include "aws/signed_request.h"

namespace hydrant::aws {
namespace {

Error incomplete(std::string text) { return {"IncompleteSignatureException", std::move(text)}; }

std::optional<Error> incomplete_header(const net::Request& request, std::string_view header) {
  const auto parameters = authorization_parameters(header);
  std::string text;
  for (const std::string name : {"Credential", "Signature", "SignedHeaders"})
    if (!parameters.contains(name))
      text += "Authorization header requires '" + name + "' parameter. ";
  if (request.header("x-amz-date").empty() && request.header("date").empty())
    text += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  if (text.empty()) return std::nullopt;
  return incomplete(text + "Authorization=" + std::string(header));
}

std::optional<Error> incomplete_query(const Parameters& parameters) {
  std::string text;
  for (const std::string name : {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature",
                                 "X-Amz-SignedHeaders", "X-Amz-Date"}) {
    const auto found = parameters.find(name);
    if (found == parameters.end() || found->second.empty())
      text += "AWS query-string parameters must include '" + name + "'. ";
  }
  if (text.empty()) return std::nullopt;
  return incomplete(text + "Re-examine the query-string parameters.");
}

// Takes what is behind the last slash off the text, and the slash; nothing if there is none. In a
// query slashes are commonly escaped, as %2F or %2f.
std::optional<std::string_view> take_last_part(std::string_view& text, bool escaped) {
  // Much quicker than rfind(), and each request comes here five times.
  const void* const slash = memrchr(text.data(), '/', text.size());
  auto at = slash == nullptr
                ? std::string_view::npos
                : static_cast<std::size_t>(static_cast<const char*>(slash) - text.data());
  std::size_t slash_size = 1;
  for (const auto* escape : {"%2F", "%2f"}) {
    const auto other = escaped ? text.rfind(escape) : std::string_view::npos;
    if (other == std::string_view::npos || (at != std::string_view::npos && other < at)) continue;
    at = other;
    slash_size = 3;
  }
  if (at == std::string_view::npos) return std::nullopt;
  const auto part = text.substr(at + slash_size);
  text = text.substr(0, at);
  return part;
}

// Four parts are behind the access key: the day, the region, the service and "aws4_request". The
// key may itself hold slashes; what is in front of the first counts as the key all the same.
std::optional<CredentialScope> parse_scope(std::string_view scope, bool escaped) {
  constexpr int kParts = 4, kPartOfRegion = 2;
  CredentialScope found;
  for (int part = 0; part < kParts; ++part) {
    const auto taken = take_last_part(scope, escaped);
    if (!taken) return std::nullopt;
    if (part == kPartOfRegion) found.region = *taken;
  }
  while (take_last_part(scope, escaped)) {
  }
  found.access_key = scope;
  return found;
}

}  // namespace

bool is_account_id(std::string_view text) {
  return text.size() == 12 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<CredentialScope> credential_scope(const net::Request& request) {
  constexpr std::string_view kHeaderKey = "Credential=";
  const auto header = request.header("authorization");
  if (const auto at = header.find(kHeaderKey); at != std::string_view::npos) {
    auto scope = header.substr(at + kHeaderKey.size());
    scope = scope.substr(0, scope.find(','));
    return parse_scope(scope.substr(0, scope.find(' ')), false);
  }
  constexpr std::string_view kQueryKey = "X-Amz-Credential=";
  const auto query = request.query();
  const auto at = query.find(kQueryKey);
  if (at == std::string_view::npos) return std::nullopt;
  const auto scope = query.substr(at + kQueryKey.size());
  return parse_scope(scope.substr(0, scope.find('&')), true);
}

std::optional<Error> missing_signature(const net::Request& request) {
  const auto header = request.header("authorization");
  const auto query = query_parameters(request.query());
  const bool in_query = query.contains("X-Amz-Algorithm");
  if (header.data() != nullptr && in_query)
    return Error{"InvalidSignatureException",
                 "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP "
                 "header."};
  if (in_query) return incomplete_query(query);
  if (header.data() == nullptr)
    return Error{"MissingAuthenticationTokenException", "Missing Authentication Token"};
  return incomplete_header(request, header);
}

}  // namespace hydrant::aws
