// Dynamic partitioning: the rules that tie it to prefixes, buffering hints and processors.
#pragma once
#include <optional>
#include <vector>

#include "aws/document.h"
#include "aws/error.h"
#include "engine/delivery/prefix.h"
#include "services/firehose/processing.h"

namespace hydrant::firehose {

bool has_partition_keys(const delivery::Prefix& prefix);

// `lenient`: leaves out the rules that guard against nothing here, the least buffer size and the
// agreement of queries and prefix.
std::optional<aws::Error> check_partitioning(const aws::Json& description,
                                             const std::vector<Processor>& processors,
                                             bool lenient);

}  // namespace hydrant::firehose
