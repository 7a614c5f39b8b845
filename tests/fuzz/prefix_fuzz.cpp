// Prefixes: taken apart without loss, and evaluated where the API would take them.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "engine/delivery/prefix.h"

namespace {

using hydrant::Random;
using hydrant::TimePoint;
using hydrant::delivery::Prefix;

void require(bool good) {
  if (!good) std::abort();
}

std::string written(const Prefix::Part& part) {
  switch (part.kind) {
    case Prefix::Kind::literal:
      return part.text;
    case Prefix::Kind::timestamp:
      return "!{timestamp:" + part.text + "}";
    case Prefix::Kind::random_string:
    case Prefix::Kind::error_output_type:
      return "!{firehose:" + part.text + "}";
    case Prefix::Kind::key_from_query:
      return "!{partitionKeyFromQuery:" + part.text + "}";
    case Prefix::Kind::key_from_lambda:
      return "!{partitionKeyFromLambda:" + part.text + "}";
  }
  return {};
}

void check_parts(const Prefix& prefix, const std::string& text) {
  std::string again;
  for (const auto& part : prefix.parts()) again += written(part);
  require(again == text);
  for (const auto& part : prefix.parts()) {
    const bool is_key =
        part.kind == Prefix::Kind::key_from_query || part.kind == Prefix::Kind::key_from_lambda;
    if (!is_key) continue;
    require(part.key < prefix.keys().size());
    require(prefix.keys()[part.key] == Prefix::KeyRef{part.kind, part.text});
  }
}

}  // namespace

// Four bytes of time and one of the zone, then the two prefixes with a NUL between them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using hydrant::delivery::TimeZone;
  constexpr std::size_t kHead = 5;
  if (size < kHead) return 0;
  static const std::vector<TimeZone> zones = {
      TimeZone::utc(), TimeZone::find("America/New_York").value_or(TimeZone::utc()),
      TimeZone::find("Asia/Calcutta").value_or(TimeZone::utc())};
  std::uint32_t seconds = 0;
  for (std::size_t i = 0; i < 4; ++i) seconds = seconds << 8 | data[i];
  const TimePoint time{std::chrono::seconds(seconds)};

  const std::string text(data + kHead, data + size);
  const std::size_t nul = text.find('\0');
  const std::string data_text = text.substr(0, nul);
  const std::string error_text = nul == std::string::npos ? "" : text.substr(nul + 1);
  const Prefix prefix(data_text), error_prefix(error_text);
  check_parts(prefix, data_text);
  check_parts(error_prefix, error_text);

  if (hydrant::delivery::find_prefix_error(data_text, error_text)) return 0;
  const std::vector<std::string> keys(prefix.keys().size(), "value");
  const hydrant::delivery::Expansion with{time, zones[data[4] % zones.size()], "processing-failed",
                                          keys};
  Random random(7), same_random(7);
  const auto evaluated = data_key_prefix(prefix, with, random);
  require(evaluated == data_key_prefix(prefix, with, same_random));
  require(prefix.has_expression() || evaluated.starts_with(data_text));
  const auto error_evaluated = error_key_prefix(prefix, error_prefix, with, random);
  require(error_evaluated.find("processing-failed") != std::string::npos);
  return 0;
}
