// Who calls: the SigV4 credential scope of a request, and what is missing from its signature.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "net/message.h"

namespace hydrant::aws {

// The scope "AKID/20260101/us-east-1/kinesis/aws4_request" of the Authorization header or the
// query.
struct CredentialScope {
  std::string_view access_key;
  std::string_view region;
};
std::optional<CredentialScope> credential_scope(const net::Request& request);

// None if the request is signed as far as can be seen without knowing the key; else the error in
// the service's own words, for the first of: both kinds of signature, none, an incomplete one.
std::optional<Error> missing_signature(const net::Request& request);

// A 12-digit access key id names the account, as other emulators have it.
bool is_account_id(std::string_view text);

}  // namespace hydrant::aws
