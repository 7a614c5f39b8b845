#include "services/kinesis/kms_keys.h"

#include <utility>

namespace hydrant::kinesis {
namespace {

constexpr std::pair<std::string_view, KeyState> kWords[] = {
    {"AccessDenied", KeyState::access_denied},    {"Disabled", KeyState::disabled},
    {"InvalidState", KeyState::invalid_state},    {"NotFound", KeyState::not_found},
    {"OptInRequired", KeyState::opt_in_required}, {"Throttled", KeyState::throttled},
};

// KMS names keys by ARN, in whatever form they were given.
std::string arn_of(const std::string& key_id, const streams::StreamId& id) {
  if (key_id.starts_with("arn:")) return key_id;
  const bool alias = key_id.starts_with("alias/");
  return "arn:aws:kms:" + id.region + ":" + id.account + ":" + (alias ? "" : "key/") + key_id;
}

}  // namespace

std::optional<KeyState> key_state_of(std::string_view word) {
  for (const auto& [name, state] : kWords)
    if (name == word) return state;
  return std::nullopt;
}

std::optional<aws::Error> key_refusal(const KmsKeys& keys, const std::string& key_id,
                                      const streams::StreamId& id, std::string_view action) {
  const auto found = keys.find(key_id);
  if (found == keys.end()) return std::nullopt;
  const auto arn = arn_of(key_id, id);
  switch (found->second) {
    case KeyState::access_denied:
      return aws::Error{"KMSAccessDeniedException",
                        "User: arn:aws:sts::" + id.account +
                            ":assumed-role/hydrant/hydrant is not authorized to perform: kms:" +
                            std::string(action) + " on resource: " + arn +
                            " because no identity-based policy allows the kms:" +
                            std::string(action) + " action"};
    case KeyState::disabled:
      return aws::Error{"KMSDisabledException", arn + " is disabled."};
    case KeyState::invalid_state:
      return aws::Error{"KMSInvalidStateException", arn + " is pending deletion."};
    case KeyState::not_found:
      return aws::Error{"KMSNotFoundException", "Key '" + arn + "' does not exist"};
    case KeyState::opt_in_required:
      return aws::Error{"KMSOptInRequired",
                        "The AWS Access Key Id needs a subscription for the service"};
    case KeyState::throttled:
      break;
  }
  return aws::Error{"KMSThrottlingException", "Rate exceeded"};
}

}  // namespace hydrant::kinesis
