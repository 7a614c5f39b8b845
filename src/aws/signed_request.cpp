#include "aws/signed_request.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/sha256.h"

namespace hydrant::aws {
namespace {

constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";
constexpr std::string_view kSignature = "X-Amz-Signature";

// Calls `take` with each part between separators, empty ones too.
template <class Take>
void split(std::string_view text, char separator, const Take& take) {
  while (true) {
    const auto end = text.find(separator);
    take(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// The name and the value of "name=value", as they stand.
std::pair<std::string_view, std::string_view> name_and_value(std::string_view pair) {
  const auto equals = pair.find('=');
  if (equals == std::string_view::npos) return {pair, {}};
  return {pair.substr(0, equals), pair.substr(equals + 1)};
}

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '~';
}

void append_encoded(std::string& out, std::string_view text, bool keep_slashes) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_unreserved(c) || (keep_slashes && c == '/')) {
      out.push_back(c);
      continue;
    }
    const unsigned byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kDigits[byte >> 4U]);
    out.push_back(kDigits[byte & 15U]);
  }
}

// Without empty, "." and ".." segments.
std::string normalized(std::string_view path) {
  std::vector<std::string_view> kept;
  bool ends_in_slash = true;
  split(path, '/', [&](std::string_view segment) {
    ends_in_slash = segment.empty() || segment == "." || segment == "..";
    if (!ends_in_slash) kept.push_back(segment);
    if (segment == ".." && !kept.empty()) kept.pop_back();
  });
  std::string whole = "/";
  for (const auto segment : kept) whole.append(segment).append("/");
  if (!ends_in_slash) whole.pop_back();
  return whole;
}

// An escape is undone and made again, so that it has one form; a plus is a space.
std::string canonical_component(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  std::string encoded;
  append_encoded(encoded, net::percent_decode(spaced), false);
  return encoded;
}

std::string canonical_query(std::string_view query, bool without_signature) {
  std::vector<std::pair<std::string, std::string>> parameters;
  split(query, '&', [&](std::string_view pair) {
    if (pair.empty()) return;
    const auto [name, value] = name_and_value(pair);
    if (without_signature && name == kSignature) return;
    parameters.emplace_back(canonical_component(name), canonical_component(value));
  });
  std::ranges::sort(parameters);
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(value);
  }
  return out;
}

// Trimmed, and each run of white space a single space.
void append_folded(std::string& out, std::string_view value) {
  bool space = false, begun = false;
  for (const char c : value) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      space = begun;
      continue;
    }
    if (space) out.push_back(' ');
    space = false;
    begun = true;
    out.push_back(c);
  }
}

std::vector<std::string> header_names(std::string_view signed_headers) {
  std::vector<std::string> names;
  split(signed_headers, ';', [&](std::string_view name) {
    if (name.empty()) return;
    auto& lower = names.emplace_back(name);
    for (char& c : lower)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  });
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

void append_header(std::string& out, const net::Request& request, const std::string& name) {
  out.append(name).append(":");
  bool first = true;
  for (const auto& header : request.headers) {
    if (!net::equals_ignoring_case(header.name, name)) continue;
    if (!std::exchange(first, false)) out += ',';
    append_folded(out, header.value);
  }
  out += '\n';
}

}  // namespace

Parameters query_parameters(std::string_view query) {
  Parameters parameters;
  split(query, '&', [&](std::string_view pair) {
    const auto [name, value] = name_and_value(pair);
    if (!name.empty()) parameters.emplace(net::percent_decode(name), net::percent_decode(value));
  });
  return parameters;
}

Parameters authorization_parameters(std::string_view header) {
  Parameters parameters;
  const auto space = header.find(' ');
  if (space == std::string_view::npos) return parameters;
  header.remove_prefix(space + 1);
  split(header, ',', [&](std::string_view between_commas) {
    split(between_commas, ' ', [&](std::string_view part) {
      const auto [name, value] = name_and_value(part);
      if (!value.empty()) parameters.emplace(name, value);
    });
  });
  return parameters;
}

SignatureClaim signature_claim(const net::Request& request) {
  SignatureClaim claim;
  const auto header = request.header("authorization");
  claim.in_query = header.data() == nullptr;
  const auto parameters =
      claim.in_query ? query_parameters(request.query()) : authorization_parameters(header);
  const auto value = [&](const std::string& name) {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string{} : found->second;
  };
  if (claim.in_query) {
    claim.algorithm = value("X-Amz-Algorithm");
    claim.credential = value("X-Amz-Credential");
    claim.signed_headers = value("X-Amz-SignedHeaders");
    claim.signature = value(std::string(kSignature));
    claim.date = value("X-Amz-Date");
    claim.security_token = value("X-Amz-Security-Token");
    if (parameters.contains("X-Amz-Expires")) claim.expires = value("X-Amz-Expires");
    return claim;
  }
  claim.algorithm = header.substr(0, header.find(' '));
  claim.credential = value("Credential");
  claim.signed_headers = value("SignedHeaders");
  claim.signature = value("Signature");
  claim.date = request.header("x-amz-date");
  if (claim.date.empty()) claim.date = request.header("date");
  claim.security_token = request.header("x-amz-security-token");
  return claim;
}

std::string canonical_request(const net::Request& request, const SignatureClaim& claim) {
  std::string out(request.method);
  out += '\n';
  append_encoded(out, normalized(request.path()), true);
  out += '\n';
  out += canonical_query(request.query(), claim.in_query);
  out += '\n';
  std::string names;
  for (const auto& name : header_names(claim.signed_headers)) {
    append_header(out, request, name);
    names.append(names.empty() ? "" : ";").append(name);
  }
  out.append("\n").append(names).append("\n");
  const bool is_unsigned = request.header("x-amz-content-sha256") == kUnsignedPayload;
  // Clients sign what they send.
  const auto sent = request.packed_body.data() != nullptr ? request.packed_body : request.body;
  return out += is_unsigned ? std::string(kUnsignedPayload) : hex(sha256(sent));
}

}  // namespace hydrant::aws
