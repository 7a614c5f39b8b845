#include "aws/kms_keys.h"

#include <utility>

namespace hydrant::aws {
namespace {

constexpr std::pair<std::string_view, KmsKeyState> kWords[] = {
    {"AccessDenied", KmsKeyState::access_denied},    {"Disabled", KmsKeyState::disabled},
    {"InvalidState", KmsKeyState::invalid_state},    {"NotFound", KmsKeyState::not_found},
    {"OptInRequired", KmsKeyState::opt_in_required}, {"Throttled", KmsKeyState::throttled},
};

// KMS names keys by ARN, in whatever form they were given.
std::string arn_of(std::string_view key_id, const std::string& account, const std::string& region) {
  std::string id(key_id);
  if (id.starts_with("arn:")) return id;
  const bool alias = id.starts_with("alias/");
  return "arn:aws:kms:" + region + ":" + account + ":" + (alias ? "" : "key/") + id;
}

}  // namespace

std::optional<KmsKeyState> kms_key_state_of(std::string_view word) {
  for (const auto& [name, state] : kWords)
    if (name == word) return state;
  return std::nullopt;
}

std::optional<KmsRefusal> find_kms_refusal(const KmsKeys& keys, std::string_view key_id,
                                           const std::string& account, const std::string& region,
                                           std::string_view action) {
  const auto found = keys.find(key_id);
  if (found == keys.end()) return std::nullopt;
  const KmsKey key = found->second;
  const auto arn = arn_of(key_id, account, region);
  const std::string asked = "kms:" + std::string(action);
  switch (key.state) {
    case KmsKeyState::access_denied:
      return KmsRefusal{
          key, "User: arn:aws:sts::" + account +
                   ":assumed-role/hydrant/hydrant is not authorized to perform: " + asked +
                   " on resource: " + arn + " because no identity-based policy allows the " +
                   asked + " action"};
    case KmsKeyState::disabled:
      return KmsRefusal{key, arn + " is disabled."};
    case KmsKeyState::invalid_state:
      return KmsRefusal{key, arn + " is pending deletion."};
    case KmsKeyState::not_found:
      return KmsRefusal{key, "Key '" + arn + "' does not exist"};
    case KmsKeyState::opt_in_required:
      return KmsRefusal{key, "The AWS Access Key Id needs a subscription for the service"};
    case KmsKeyState::throttled:
      break;
  }
  return KmsRefusal{key, "Rate exceeded"};
}

}  // namespace hydrant::aws
