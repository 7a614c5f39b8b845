// The splitter of records: what it takes for values must be JSON to another parser, and be all that
// is there; what that parser takes for one value must be one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/delivery/process/split.h"

namespace {

using Parts = std::vector<std::string_view>;

constexpr std::size_t kDepthMax = 1024;
constexpr std::string_view kSpace = " \t\r\n";

void require(bool good) {
  if (!good) std::abort();
}

// Halves of pairs are JSON to the one, but not to the other.
std::string without_surrogates(std::string_view text) {
  std::string changed(text);
  for (std::size_t i = 0; i + 1 < changed.size(); ++i) {
    if (changed[i] != '\\') continue;
    const bool is_surrogate =
        i + 6 <= changed.size() && changed[i + 1] == 'u' && (changed[i + 2] | 0x20) == 'd' &&
        std::string_view("89abcdefABCDEF").find(changed[i + 3]) != std::string_view::npos;
    if (is_surrogate) changed.replace(i + 2, 2, "00");
    ++i;
  }
  return changed;
}

enum class Judgement { json, other, unknown };

Judgement judge(std::string_view text) {
  try {
    (void)nlohmann::json::parse(without_surrogates(text));
    return Judgement::json;
  } catch (const nlohmann::json::out_of_range&) {
    return Judgement::unknown;  // a number beyond what a double holds
  } catch (const nlohmann::json::parse_error&) {
    return Judgement::other;
  }
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

// Only white space may stand between the parts and around them.
void check_coverage(std::string_view record, const Parts& parts) {
  const char* at = record.data();
  const auto check_gap = [&](const char* end) {
    require(at <= end);
    require(trimmed({at, static_cast<std::size_t>(end - at)}).empty());
  };
  for (const auto part : parts) {
    check_gap(part.data());
    require(!part.empty() && trimmed(part) == part);
    at = part.data() + part.size();
  }
  check_gap(record.data() + record.size());
}

void check_single(std::string_view record, bool is_split, const Parts& parts) {
  // The other one skips a byte order mark, ends at a NUL, and knows no depth.
  std::size_t depth_max = 0;
  for (const char c : record) depth_max += c == '[' || c == '{' ? 1 : 0;
  if (record.starts_with("\xef\xbb\xbf") || record.find('\0') != std::string_view::npos)
    return require(!is_split);
  if (depth_max > kDepthMax || judge(record) != Judgement::json) return;
  require(is_split && parts.size() == 1 && parts[0] == trimmed(record));
}

void check_delimited(std::string_view record, std::string_view delimiter) {
  Parts parts;
  hydrant::delivery::split_delimited(record, delimiter, parts);
  for (const auto part : parts)
    require(!part.empty() && part.find(delimiter) == std::string_view::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view record(reinterpret_cast<const char*>(data), size);
  Parts parts, again;
  const bool is_split = hydrant::delivery::split_json(record, parts);
  require(is_split == !parts.empty());
  check_single(record, is_split, parts);
  if (is_split) check_coverage(record, parts);
  for (const auto part : parts) {
    require(judge(part) != Judgement::other);
    require(hydrant::delivery::split_json(part, again) && again == Parts{part});
  }
  const std::string twice = std::string(record) + "\n" + std::string(record);
  require(hydrant::delivery::split_json(twice, again) == is_split);
  require(again.size() == 2 * parts.size());
  if (size > 0) check_delimited(record, record.substr(0, data[0] % size + 1));
  return 0;
}
