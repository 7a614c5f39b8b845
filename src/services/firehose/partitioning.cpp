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

// Walks over a jq query and picks up the keys of the objects that it makes: those of {...} that
// stand in no other bracket.
class KeyScanner {
 public:
  explicit KeyScanner(std::string_view query) : query_(query) {}

  std::vector<std::string> keys() {
    for (at_ = 0; at_ < query_.size(); ++at_) step(query_[at_]);
    return std::move(keys_);
  }

 private:
  void step(char c) {
    if (in_text_ && c == '\\') {
      ++at_;
      return;
    }
    if (c == '"') in_text_ = !in_text_;
    if (in_text_) return;
    if (c == '(' || c == '[' || c == '{') {
      open_.push_back(c);
      if (open_ == "{") begin_ = at_ + 1;
    } else if (c == ')' || c == ']' || c == '}') {
      end_key();
      if (!open_.empty()) open_.pop_back();
    } else if (c == ':') {
      end_key();
    } else if (c == ',' && open_ == "{") {
      end_key();  // {a, b} stands for {a: .a, b: .b}
      begin_ = at_ + 1;
    }
  }
  void end_key() {
    if (open_ != "{" || !begin_) return;
    add(query_.substr(*begin_, at_ - *begin_));
    begin_.reset();
  }
  // One that is computed, (.a) or "x\(.a)", is not known before there is a record.
  void add(std::string_view key) {
    constexpr std::string_view kAround = " \t\r\n";
    const auto first = key.find_first_not_of(kAround);
    if (first == std::string_view::npos) return;
    key = key.substr(first, key.find_last_not_of(kAround) - first + 1);
    if (key[0] == '(' || key[0] == '@' || key.find("\\(") != std::string_view::npos) return;
    if (key[0] == '$') key.remove_prefix(1);  // {$a} stands for {a: $a}
    const bool quoted = key.size() > 1 && key.front() == '"' && key.back() == '"';
    keys_.emplace_back(quoted ? key.substr(1, key.size() - 2) : key);
  }

  const std::string_view query_;
  std::size_t at_ = 0;
  std::string open_;  // the brackets that are open, outermost first
  bool in_text_ = false;
  std::optional<std::size_t> begin_;  // of the key that is being read
  std::vector<std::string> keys_;
};

}  // namespace

std::vector<std::string> keys_of_query(std::string_view query) { return KeyScanner(query).keys(); }

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
    if (!std::ranges::all_of(keys_of_query(*query), used))
      return Error::invalid_argument(
          "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix "
          "expression");
  }
  return std::nullopt;
}

}  // namespace hydrant::firehose
