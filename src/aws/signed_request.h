// What a request says of its own signature (SigV4), and the text that was to be signed. Nothing
// here knows a key.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "net/message.h"

namespace hydrant::aws {

using Parameters = std::map<std::string, std::string>;

// Decoded. Of a name that is given twice the first one counts.
Parameters query_parameters(std::string_view query);
// Of an Authorization header: its first word is the algorithm, the rest is split at commas and
// spaces. Parameters without a value are left out.
Parameters authorization_parameters(std::string_view header);

// From the Authorization header or, if there is none, from the query. What is missing is empty.
struct SignatureClaim {
  bool in_query = false;
  std::string algorithm;
  std::string credential;      // "AKID/20260101/us-east-1/kinesis/aws4_request"
  std::string signed_headers;  // "host;x-amz-date"
  std::string signature;       // lower-case hex
  std::string date;            // as sent
  std::string security_token;
  std::optional<std::string> expires;  // as sent, of a query
};
SignatureClaim signature_claim(const net::Request& request);

// The canonical request, which both sides hash. Paths are normalized and encoded once more, as all
// services but S3 have it. The hash of the payload is that of the body, whatever the client says,
// unless it says UNSIGNED-PAYLOAD.
std::string canonical_request(const net::Request& request, const SignatureClaim& claim);

}  // namespace hydrant::aws
