// KMS keys that refuse to work, so that a client's handling of it can be tested. Every other key
// works.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hydrant::aws {

enum class KmsKeyState {
  access_denied,
  disabled,
  invalid_state,
  not_found,
  opt_in_required,
  throttled
};

struct KmsKey {
  KmsKeyState state = KmsKeyState::access_denied;
  // Lets a service have its grant, and refuses from then on: a key that was changed later.
  bool after_grant = false;
};

// By the id of the key as it stands in a request. Never changes after the start.
using KmsKeys = std::map<std::string, KmsKey, std::less<>>;

// "AccessDenied", "Disabled", ...; none if it is no such word.
std::optional<KmsKeyState> kms_key_state_of(std::string_view word);

struct KmsRefusal {
  KmsKey key;
  std::string message;  // KMS's own
};

// What KMS says to a caller of `account` in `region` who wants to do `action` ("GenerateDataKey")
// with the key. None if it works.
std::optional<KmsRefusal> find_kms_refusal(const KmsKeys& keys, std::string_view key_id,
                                           const std::string& account, const std::string& region,
                                           std::string_view action);

}  // namespace hydrant::aws
