// ProcessingConfiguration: its rules, what Describe shows of it, and what the engine makes of it.
#pragma once
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/document.h"
#include "aws/error.h"
#include "engine/delivery/settings.h"

namespace hydrant::firehose {

struct Processor {
  std::string type;
  std::vector<std::pair<std::string, std::string>> parameters;

  const std::string* find(std::string_view parameter) const;  // null: not given
};

template <class Number>
std::optional<Number> parse_number(const std::string& text) {
  Number value{};
  const auto end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

// "True" is a word in any case of its letters. `word` is in lower case.
bool is_word(std::string_view text, std::string_view word);

std::vector<Processor> processors_of(const aws::Json& configuration);

// The first rule that the processors of an enabled configuration break.
std::optional<aws::Error> check_processors(const std::vector<Processor>& processors,
                                           bool dynamic_partitioning);

// What Describe fills in for a Lambda processor that says nothing of its buffer. Not every
// destination has the same.
struct LambdaBuffer {
  std::string size_mb = "1";
  std::string interval_s = "60";
};

// As it is kept: a Lambda processor has all its parameters, in a fixed order; the role is the
// destination's at the time of writing, and does not follow when that changes.
aws::Json describe_processing(const aws::Json& configuration, const std::string& role_arn,
                              const LambdaBuffer& buffer = {});

// Of a description whose processors have passed.
delivery::ProcessingSettings processing_settings(const aws::Json& description);

}  // namespace hydrant::firehose
