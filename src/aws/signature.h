// Signatures (SigV4) against the keys that the server knows.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/error.h"
#include "aws/signed_request.h"
#include "core/clock.h"
#include "core/mutex.h"
#include "core/sha256.h"
#include "net/message.h"

namespace hydrant::aws {

// An access key of a caller.
struct Credential {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;            // of temporary credentials; else empty
  std::string account;                  // whose key it is; empty: the request says
  std::optional<TimePoint> expiration;  // of temporary credentials, in real time
};

// Thread-safe.
class SignatureVerifier {
 public:
  // `now` is real time, whatever time the services live by: clients sign with their own.
  SignatureVerifier(std::vector<Credential> credentials, std::function<TimePoint()> now);

  // The credential that the request is rightly signed with for the service ("kinesis"), or the
  // service's refusal. The request is complete (missing_signature() finds nothing).
  Result<const Credential*> verify(const net::Request& request, std::string_view service) const;

 private:
  struct Scope;
  const Credential* find(std::string_view access_key_id) const;
  Sha256 signing_key(const Credential& credential, const Scope& scope) const;

  const std::vector<Credential> credentials_;
  const std::function<TimePoint()> now_;
  // Four digests are spared for all requests of a day but the first.
  mutable Mutex mutex_;
  mutable std::map<std::string, Sha256> signing_keys_ GUARDED_BY(mutex_);
};

}  // namespace hydrant::aws
