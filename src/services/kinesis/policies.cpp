#include "services/kinesis/policies.h"

#include "aws/document.h"

namespace hydrant::kinesis {
namespace {

constexpr std::size_t kPolicyBytesMax = 20 * 1024;

}  // namespace

std::optional<Error> check_policy(Text document) {
  if (document.size() > kPolicyBytesMax)
    return Error::invalid_argument("The resource policy exceeds the maximum size of " +
                                   std::to_string(kPolicyBytesMax) + " bytes.");
  // Nothing of it is kept in memory, so that deep nesting costs nothing.
  const auto first = document.find_first_not_of(" \t\r\n");
  const bool is_object = first != Text::npos && document[first] == '{';
  if (!is_object || !aws::Json::accept(document))
    return Error::invalid_argument("The resource policy is not a valid JSON document.");
  return std::nullopt;
}

}  // namespace hydrant::kinesis
