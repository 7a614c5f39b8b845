#include "services/firehose/partitioning.h"

#include <algorithm>

#include "engine/delivery/process/query_text.h"
#include "services/firehose/json_access.h"

namespace hydrant::firehose {
namespace {

using aws::Error;
using delivery::Prefix;

constexpr std::int64_t kBufferSizeMinMb = 64;

bool is_in_prefix(const Prefix& prefix, const std::string& key) {
  return std::ranges::any_of(prefix.parts(), [&](const Prefix::Part& part) {
    return part.kind == Prefix::Kind::key_from_query && part.text == key;
  });
}

}  // namespace

bool has_partition_keys(const Prefix& prefix) {
  return prefix.has(Prefix::Kind::key_from_query) || prefix.has(Prefix::Kind::key_from_lambda);
}

std::optional<Error> check_partitioning(const aws::Json& description,
                                        const std::vector<Processor>& processors, bool lenient) {
  const Prefix prefix(text_of(description, "Prefix"));
  const bool has_namespaces = has_partition_keys(prefix);
  if (!is_enabled(description, "DynamicPartitioningConfiguration")) {
    if (!has_namespaces) return std::nullopt;
    return Error::invalid_argument(
        "Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic "
        "Partitioning is enabled.");
  }
  const auto size_mb = description["BufferingHints"]["SizeInMBs"].get<std::int64_t>();
  if (size_mb < kBufferSizeMinMb && !lenient)
    return Error::invalid_argument(
        "BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled.");
  if (!has_namespaces)
    return Error::invalid_argument(
        "S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is "
        "enabled");
  if (lenient) return std::nullopt;
  const bool extracts = std::ranges::count(processors, "MetadataExtraction", &Processor::type) > 0;
  if (prefix.has(Prefix::Kind::key_from_query) && !extracts)
    return Error::invalid_argument(
        "MetadataExtraction processor should be present when S3 Prefix contains "
        "partitionKeyFromQuery namespace.");
  for (const auto& processor : processors) {
    const auto* query = processor.find("MetadataExtractionQuery");
    if (query == nullptr) continue;
    const auto used = [&](const std::string& key) { return is_in_prefix(prefix, key); };
    if (!std::ranges::all_of(delivery::keys_of_query(*query), used))
      return Error::invalid_argument(
          "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix "
          "expression");
  }
  return std::nullopt;
}

}  // namespace hydrant::firehose
