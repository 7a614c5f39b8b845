#include "aws/authentication.h"

#include <algorithm>

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

// The access key may itself hold slashes; the four parts behind it may not. What is in front of the
// first of them counts as the key all the same.
std::optional<CredentialScope> parse_scope(std::string_view scope, std::string_view slash) {
  constexpr int kPartsBehindRegion = 2, kPartsMin = 5;
  CredentialScope found;
  std::string_view rest = scope;
  for (int part = 1; part < kPartsMin; ++part) {
    const auto at = slash.size() == 1 ? rest.rfind(slash[0]) : rest.rfind(slash);
    if (at == std::string_view::npos) return std::nullopt;
    if (part == kPartsBehindRegion + 1) found.region = rest.substr(at + slash.size());
    rest = rest.substr(0, at);
  }
  found.access_key = scope.substr(0, scope.find(slash));
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
    return parse_scope(scope.substr(0, scope.find(' ')), "/");
  }
  constexpr std::string_view kQueryKey = "X-Amz-Credential=";
  const auto query = request.query();
  const auto at = query.find(kQueryKey);
  if (at == std::string_view::npos) return std::nullopt;
  // In a query the slashes are escaped, but what is wanted here holds none: %2F is looked for.
  auto scope = query.substr(at + kQueryKey.size());
  scope = scope.substr(0, scope.find('&'));
  for (const auto* slash : {"/", "%2F", "%2f"})
    if (scope.find(slash) != std::string_view::npos) return parse_scope(scope, slash);
  return std::nullopt;
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
