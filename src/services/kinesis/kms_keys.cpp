#include "services/kinesis/kms_keys.h"

#include <utility>

namespace hydrant::kinesis {
namespace {

constexpr std::pair<aws::KmsKeyState, const char*> kCodes[] = {
    {aws::KmsKeyState::access_denied, "KMSAccessDeniedException"},
    {aws::KmsKeyState::disabled, "KMSDisabledException"},
    {aws::KmsKeyState::invalid_state, "KMSInvalidStateException"},
    {aws::KmsKeyState::not_found, "KMSNotFoundException"},
    {aws::KmsKeyState::opt_in_required, "KMSOptInRequired"},
    {aws::KmsKeyState::throttled, "KMSThrottlingException"}};

}  // namespace

std::optional<aws::Error> key_refusal(const aws::KmsKeys& keys, const std::string& key_id,
                                      const streams::StreamId& id, std::string_view action) {
  auto refusal = aws::find_kms_refusal(keys, key_id, id.account, id.region, action);
  if (!refusal) return std::nullopt;
  for (const auto& [state, code] : kCodes)
    if (state == refusal->key.state) return aws::Error{code, std::move(refusal->message)};
  return std::nullopt;
}

}  // namespace hydrant::kinesis
