#include "aws/authentication.h"

#include <algorithm>
#include <vector>

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

std::optional<CredentialScope> parse_scope(std::string_view scope) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto slash = scope.find('/');
    parts.push_back(scope.substr(0, slash));
    if (slash == std::string_view::npos) break;
    scope.remove_prefix(slash + 1);
  }
  // The access key may itself hold slashes; the four parts behind it may not.
  if (parts.size() < 5) return std::nullopt;
  return CredentialScope{parts[0], parts[parts.size() - 3]};
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
    const auto scope = header.substr(at + kHeaderKey.size());
    return parse_scope(scope.substr(0, scope.find_first_of(", ")));
  }
  constexpr std::string_view kQueryKey = "X-Amz-Credential=";
  const auto query = request.query();
  const auto at = query.find(kQueryKey);
  if (at == std::string_view::npos) return std::nullopt;
  // In a query the slashes are escaped, but what is wanted here holds none: %2F is looked for.
  auto scope = query.substr(at + kQueryKey.size());
  scope = scope.substr(0, scope.find('&'));
  if (scope.find('/') != std::string_view::npos) return parse_scope(scope);
  std::vector<std::string_view> parts;
  for (auto rest = scope;;) {
    const auto escape = std::min(rest.find("%2F"), rest.find("%2f"));
    parts.push_back(rest.substr(0, escape));
    if (escape == std::string_view::npos) break;
    rest.remove_prefix(escape + 3);
  }
  if (parts.size() < 5) return std::nullopt;
  return CredentialScope{parts[0], parts[parts.size() - 3]};
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
