// ProcessingConfiguration: its rules, what Describe shows of it, and what the engine makes of it.
#pragma once
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

std::vector<Processor> processors_of(const aws::Json& configuration);

// The first rule that the processors of an enabled configuration break.
std::optional<aws::Error> check_processors(const std::vector<Processor>& processors,
                                           bool dynamic_partitioning);

// As it is kept: a Lambda processor has all its parameters, in a fixed order; the role is the
// destination's at the time of writing, and does not follow when that changes.
aws::Json describe_processing(const aws::Json& configuration, const std::string& role_arn);

// Of a description whose processors have passed.
delivery::ProcessingSettings processing_settings(const aws::Json& description);

}  // namespace hydrant::firehose
