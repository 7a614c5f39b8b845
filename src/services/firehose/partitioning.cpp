#include "services/firehose/partitioning.h"

#include <algorithm>

#include "engine/delivery/prefix.h"
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

std::string trimmed(std::string_view text) {
  constexpr std::string_view kAround = " \t\r\n\"";
  const auto first = text.find_first_not_of(kAround);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kAround) - first + 1));
}

}  // namespace

std::vector<std::string> keys_of_query(std::string_view query) {
  std::vector<std::string> keys;
  std::size_t begin = 0;
  int depth = 0;
  bool in_text = false, in_key = false;
  const auto end_key = [&](std::size_t at) {
    if (in_key) keys.push_back(trimmed(query.substr(begin, at - begin)));
    in_key = false;
  };
  for (std::size_t i = 0; i < query.size(); ++i) {
    const char c = query[i];
    if (c == '\\' && in_text) {
      ++i;
      continue;
    }
    if (c == '"') in_text = !in_text;
    if (in_text) continue;
    if (c == ')' || c == ']' || c == '}') {
      if (depth == 1) end_key(i);
      --depth;
    }
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ':' && depth == 1) end_key(i);
    const bool begins_key = (c == '{' || c == ',') && depth == 1;
    if (begins_key) {
      end_key(i);  // {a, b} stands for {a: .a, b: .b}
      begin = i + 1;
      in_key = true;
    }
  }
  std::erase(keys, std::string());
  return keys;
}

std::optional<Error> check_partitioning(const aws::Json& description,
                                        const std::vector<Processor>& processors, bool lenient) {
  const Prefix prefix(text_of(description, "Prefix"));
  const bool has_namespaces =
      prefix.has(Prefix::Kind::key_from_query) || prefix.has(Prefix::Kind::key_from_lambda);
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
  for (const auto& processor : processors) {
    const auto* query = processor.find("MetadataExtractionQuery");
    if (query == nullptr || lenient) continue;
    const auto used = [&](const std::string& key) { return is_in_prefix(prefix, key); };
    if (!std::ranges::all_of(keys_of_query(*query), used))
      return Error::invalid_argument(
          "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix "
          "expression");
  }
  return std::nullopt;
}

}  // namespace hydrant::firehose
